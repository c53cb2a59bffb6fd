export { applyMigrations } from './applyMigrations.ts';
export { DatabaseConnectionError } from './connection.ts';
export { createDatabase, type Database, type Transaction } from './database.ts';
export { databaseFailure, type DatabaseFailure } from './errors.ts';
export { isMigrated } from './isMigrated.ts';
export type {
  Application,
  ApiKey,
  GuestLink,
  Revocation,
  Room,
  RosterEntry,
  SigningKey,
  User,
  KeyRight,
} from './generated/client.ts';
