import { inBatches } from './inBatches.ts';
import { dayMs, type Job } from './Job.ts';

/** Removes the records of calls that ended longer ago than their retention, with those of the participants. */
export const removeCallRecords: Job = ({ services: { database, clock }, retention, signal }) =>
  inBatches(
    signal,
    (limit) => database.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT "applicationId", id FROM "CallRecord"
        WHERE "endedAt" <= ${new Date(clock.now() - retention.callDays * dayMs)}
        LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM "CallRecord" AS call USING due
      WHERE call."applicationId" = due."applicationId" AND call.id = due.id`,
  );
