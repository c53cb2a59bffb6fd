import { inBatches } from './inBatches.ts';
import type { Job } from './Job.ts';

/**
 * Erases the secrets in kept answers once they are ten minutes old. The answer stays for the rest of its day, so that
 * a retry is told that the secret was shown already.
 */
export const eraseSecrets: Job = ({ services: { database, clock }, signal }) =>
  inBatches(
    signal,
    (limit) => database.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT scope, key FROM "IdempotentAnswer"
        WHERE "sealedBody" IS NOT NULL AND "secretExpiresAt" <= ${new Date(clock.now())}
        LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      UPDATE "IdempotentAnswer" AS answer SET "sealedBody" = NULL
      FROM due WHERE answer.scope = due.scope AND answer.key = due.key`,
  );
