import type { Prisma, Transaction } from '@parley/db';
import type { Call, ListCallsQuery } from '@parley/protocol/rest';
import { notACursor, toPage, toPageRequest } from '../requests/paging.ts';
import { periodOf } from '../requests/period.ts';
import { toCallAnswer, withParticipants } from './callAnswer.ts';

/** A page of an application's calls, newest first. */
export async function findCalls(
  database: Transaction,
  applicationId: string,
  query: ListCallsQuery,
): Promise<{ items: Call[]; nextCursor?: string }> {
  const page = toPageRequest(query);
  const { state, userId } = query;
  const calls = await database.callRecord.findMany({
    where: {
      applicationId,
      startedAt: periodOf(query),
      ...(state === undefined ? {} : { endedAt: state === 'live' ? null : { not: null } }),
      ...(userId === undefined ? {} : { participants: { some: { userId } } }),
      ...(page.after === undefined ? {} : { AND: before(page.after) }),
    },
    include: withParticipants,
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: page.limit + 1,
  });

  return toPage(
    calls.map((call) => ({ id: `${call.startedAt.getTime()}:${call.id}`, call })),
    page,
    ({ call }) => toCallAnswer(call),
  );
}

/** Calls may have started in the same millisecond: a place in the list is the start and the id. */
function before(place: string): Prisma.CallRecordWhereInput {
  const [, ms, id] = /^(\d{1,14}):(.+)$/.exec(place) ?? [];
  if (ms === undefined || id === undefined) {
    throw notACursor();
  }
  const startedAt = new Date(Number(ms));

  return {
    startedAt: { lte: startedAt },
    OR: [{ startedAt: { lt: startedAt } }, { id: { lt: id } }],
  };
}
