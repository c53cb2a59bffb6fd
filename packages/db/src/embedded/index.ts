export { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';
export { chooseDataDir } from './dataDirectory.ts';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './startEmbeddedPostgres.ts';
