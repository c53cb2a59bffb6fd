export { SetupError } from './SetupError.ts';
export { locatePostgres } from './postgres.ts';
