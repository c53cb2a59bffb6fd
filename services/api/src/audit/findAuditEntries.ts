import type { AuditEntry as AuditRow, Prisma, Transaction } from '@parley/db';
import type { AuditEntry, AuditQuery } from '@parley/protocol/rest';
import { notACursor, toPage, toPageRequest } from '../requests/paging.ts';
import { periodOf } from '../requests/period.ts';

/** A page of the log, newest first: the ids are given out in the order of time. */
export async function findAuditEntries(
  database: Transaction,
  whose: Prisma.AuditEntryWhereInput,
  query: AuditQuery,
): Promise<{ items: AuditEntry[]; nextCursor?: string }> {
  const page = toPageRequest(query);
  const rows = await database.auditEntry.findMany({
    where: {
      AND: [
        whose,
        { at: periodOf(query) },
        page.after === undefined ? {} : { id: { lt: toEntryId(page.after) } },
      ],
    },
    orderBy: { id: 'desc' },
    take: page.limit + 1,
  });

  return toPage(rows.map(toAuditAnswer), page, (entry) => entry);
}

function toEntryId(text: string): bigint {
  // Eighteen digits are below PostgreSQL's largest bigint whatever they are.
  if (!/^\d{1,18}$/.test(text)) {
    throw notACursor();
  }

  return BigInt(text);
}

function toAuditAnswer(row: AuditRow): AuditEntry {
  const { id, at, actorKind, actorId, action, target, details, address, requestId } = row;

  return {
    id: String(id),
    at: at.toISOString(),
    actor: { kind: actorKind, ...(actorId === null ? {} : { id: actorId }) },
    action,
    target,
    details,
    ...(address === null ? {} : { address }),
    ...(requestId === null ? {} : { requestId }),
  };
}
