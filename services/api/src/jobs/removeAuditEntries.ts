import { inBatches } from './inBatches.ts';
import { dayMs, type Job } from './Job.ts';

/** Removes rows of the audit log that are past their retention. */
export const removeAuditEntries: Job = ({ services: { database, clock }, retention, signal }) =>
  inBatches(
    signal,
    (limit) => database.$executeRaw`
      WITH due AS MATERIALIZED (
        SELECT id FROM "AuditEntry"
        WHERE at <= ${new Date(clock.now() - retention.auditDays * dayMs)}
        LIMIT ${limit} FOR UPDATE SKIP LOCKED
      )
      DELETE FROM "AuditEntry" AS entry USING due WHERE entry.id = due.id`,
  );
