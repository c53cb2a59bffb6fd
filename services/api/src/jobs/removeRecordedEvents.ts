import { inBatches } from './inBatches.ts';
import { dayMs, type Job } from './Job.ts';

/** An event that waited longer than that somewhere is recorded once more, should it have been recorded already. */
const keptDays = 14;

/** Removes what tells events that come again from new ones. */
export const removeRecordedEvents: Job = ({ services: { database, clock }, signal }) =>
  inBatches(
    signal,
    (limit) => database.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT id FROM "RecordedEvent"
        WHERE "recordedAt" <= ${new Date(clock.now() - keptDays * dayMs)}
        LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM "RecordedEvent" AS event USING due WHERE event.id = due.id`,
  );
