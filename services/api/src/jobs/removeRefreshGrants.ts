import { inBatches } from './inBatches.ts';
import type { Job } from './Job.ts';

/** Removes sign-ins whose refresh tokens have expired, with the tokens. */
export const removeRefreshGrants: Job = ({ services: { database, clock }, signal }) =>
  inBatches(
    signal,
    (limit) => database.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT id FROM "RefreshGrant"
        WHERE "expiresAt" <= ${new Date(clock.now())}
        LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM "RefreshGrant" AS refresh USING due WHERE refresh.id = due.id`,
  );
