import type { AuditEntry as AuditRow } from '@parley/db';
import type { AuditEntry } from '@parley/protocol/rest';
import { requireApplication } from '../applications/requireApplication.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { notACursor, toPage, toPageRequest } from '../requests/paging.ts';
import { periodOf } from '../requests/period.ts';

/** Newest first: the ids are given out in the order of time. */
export const listAuditEntries: Handler<'listAuditEntries'> = async ({ database, applicationId, query }) => {
  const page = toPageRequest(query);
  const { createdAt } = await requireApplication(database, applicationId);
  const rows = await database.auditEntry.findMany({
    where: {
      applicationId,
      ...(page.after === undefined ? {} : { id: { lt: toEntryId(page.after) } }),
      AND: [
        // One that had the same id before is another application.
        { at: { gte: createdAt } },
        { at: periodOf(query) },
      ],
    },
    orderBy: { id: 'desc' },
    take: page.limit + 1,
  });

  return toPage(rows.map(toAuditAnswer), page, (entry) => entry);
};

function toEntryId(text: string): bigint {
  // Eighteen digits are below PostgreSQL's largest bigint whatever they are.
  if (!/^\d{1,18}$/.test(text)) {
    throw notACursor();
  }

  return BigInt(text);
}

function toAuditAnswer(row: AuditRow): AuditEntry {
  const { id, at, actorKind, actorId, action, target, address, requestId } = row;

  return {
    id: String(id),
    at: at.toISOString(),
    actor: { kind: actorKind, ...(actorId === null ? {} : { id: actorId }) },
    action,
    target,
    ...(address === null ? {} : { address }),
    ...(requestId === null ? {} : { requestId }),
  };
}
