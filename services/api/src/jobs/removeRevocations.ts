import { maxTokenSeconds } from '@parley/protocol';
import { inBatches } from './inBatches.ts';
import type { Job } from './Job.ts';

/** Beyond the longest life of a token: verifiers allow for clocks that differ. */
const marginMs = 60 * 60 * 1000;

/** Removes revocations that void nothing any more, because every token they voided has expired. */
export const removeRevocations: Job = ({ services: { database, clock }, signal }) => {
  const issuedBefore = new Date(clock.now() - maxTokenSeconds * 1000 - marginMs);

  return inBatches(
    signal,
    (limit) => database.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT "applicationId", subject, "subjectId" FROM "Revocation"
        WHERE "revokedBefore" <= ${issuedBefore}
        LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM "Revocation" AS revocation USING due
      WHERE revocation."applicationId" = due."applicationId"
        AND revocation.subject = due.subject AND revocation."subjectId" = due."subjectId"`,
  );
};
