import { answerLifetimeMs } from '../idempotency/IdempotentRequest.ts';
import { inBatches } from './inBatches.ts';
import type { Job } from './Job.ts';

/** Removes kept answers after their day: the key is free again. */
export const removeIdempotentAnswers: Job = ({ services: { database, clock }, signal }) =>
  inBatches(
    signal,
    (limit) => database.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT scope, key FROM "IdempotentAnswer"
        WHERE "createdAt" <= ${new Date(clock.now() - answerLifetimeMs)}
        LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM "IdempotentAnswer" AS answer
      USING due WHERE answer.scope = due.scope AND answer.key = due.key`,
  );
