export { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';
export { chooseDataDir } from './dataDirectory.ts';
export { FileLock, FileLockTaken } from './FileLock.ts';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './startEmbeddedPostgres.ts';
