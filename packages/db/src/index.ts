export { applyMigrations } from './applyMigrations.ts';
export { DatabaseConnectionError } from './connection.ts';
export {
  createDatabase,
  defaultConnections,
  poolUsage,
  type Database,
  type PoolUsage,
  type Transaction,
} from './database.ts';
export { databaseFailure, isPassing, violatedIndex, type DatabaseFailure } from './errors.ts';
export { createMigrationCheck } from './migrationCheck.ts';
export {
  Prisma,
  type AccessToken,
  type ApiKey,
  type Application,
  type AuditActorKind,
  type AuditEntry,
  type CallRecord,
  type CallSurvey,
  type GuestLink,
  type IdempotentAnswer,
  type ParticipantRecord,
  type PhoneNumber,
  type RefreshGrant,
  type RefreshToken,
  type Revocation,
  type Room,
  type RosterEntry,
  type SigningKey,
  type User,
  type KeyRight,
} from './generated/client.ts';
