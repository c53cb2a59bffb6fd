import type { Admission } from '@parley/backplane';
import type { Transaction } from '@parley/db';
import { assertNever } from '@parley/kit';
import { lockPublished, type Published } from './published.ts';
import type { PublishContext } from './PublishContext.ts';
import { toApplicationRecord, toRoomRecord, toUserRecord } from './records.ts';

/** Who comes late is told for that long that the room has ended; then there is no such room. */
const endedRoomMs = 30 * 24 * 60 * 60 * 1000;

/** The backplane has no rooms that ended before. */
export function oldestRoomEnd(nowMs: number): Date {
  return new Date(nowMs - endedRoomMs);
}

/**
 * Makes the backplane's record what the database says now, whatever was told of it before; removes the record when
 * there is nothing to tell of. Answers whether there is.
 */
export async function putRight(
  { database, backplane: { admission }, clock }: PublishContext,
  published: Published,
): Promise<boolean> {
  return database.$transaction(async (transaction) => {
    // An application that is just being deleted takes its users and rooms along. Waited for before anything is held
    // that the deletion may wait for.
    await transaction.$executeRaw`
      SELECT 1 FROM "Application" WHERE "id" = ${published.applicationId} FOR KEY SHARE`;
    await lockPublished(transaction, [published]);
    switch (published.kind) {
      case 'application':
        return putApplication(transaction, admission, published);
      case 'user':
        return putUser(transaction, admission, published);
      case 'room':
        return putRoom(transaction, admission, published, oldestRoomEnd(clock.now()));
      default:
        return assertNever(published.kind);
    }
  });
}

async function putApplication(
  transaction: Transaction,
  admission: Admission,
  { id }: Published,
): Promise<boolean> {
  const application = await transaction.application.findUnique({ where: { id } });
  await (application === null
    ? admission.removeApplication(id)
    : admission.putApplication(toApplicationRecord(application)));

  return application !== null;
}

async function putUser(
  transaction: Transaction,
  admission: Admission,
  { applicationId, id }: Published,
): Promise<boolean> {
  const user = await transaction.user.findUnique({
    where: { applicationId_id: { applicationId, id }, kind: 'user' },
    include: { phoneNumbers: true },
  });
  await (user === null ? admission.removeUser(applicationId, id) : admission.putUser(toUserRecord(user)));

  return user !== null;
}

async function putRoom(
  transaction: Transaction,
  admission: Admission,
  { applicationId, id }: Published,
  endedAfter: Date,
): Promise<boolean> {
  const room = await transaction.room.findUnique({
    where: { applicationId_id: { applicationId, id }, validUntil: { gt: endedAfter } },
    include: { roster: true },
  });
  await (room === null ? admission.removeRoom(applicationId, id) : admission.putRoom(toRoomRecord(room)));

  return room !== null;
}
