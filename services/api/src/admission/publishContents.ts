import type { Transaction } from '@parley/db';
import { eachBatch, type IdRow } from './eachBatch.ts';
import type { PublishContext } from './PublishContext.ts';
import { oldestRoomEnd, putRight } from './putRight.ts';
import { toRoomRecord, toUserRecord } from './records.ts';

/** Publishes what belongs to an application; what the backplane has and the database has not is removed. */
export async function publishContents(context: PublishContext, applicationId: string): Promise<void> {
  await publishUsers(context, applicationId);
  await publishRooms(context, applicationId);
}

async function publishUsers(context: PublishContext, applicationId: string): Promise<void> {
  const {
    database,
    backplane: { admission },
  } = context;
  const lock = (transaction: Transaction, after: string, limit: number) =>
    transaction.$queryRaw<IdRow[]>`
      SELECT "id" FROM "User" WHERE "applicationId" = ${applicationId} AND "kind" = 'user' AND "id" > ${after}
      ORDER BY "id" LIMIT ${limit} FOR SHARE`;

  const published = await eachBatch(database, lock, async (transaction, ids) => {
    const users = await transaction.user.findMany({
      where: { applicationId, id: { in: ids } },
      include: { phoneNumbers: true },
    });
    for (const user of users) {
      await admission.putUser(toUserRecord(user));
    }
  });
  for (const id of await admission.userIds(applicationId)) {
    if (!published.has(id)) {
      await putRight(context, { kind: 'user', applicationId, id });
    }
  }
}

async function publishRooms(context: PublishContext, applicationId: string): Promise<void> {
  const {
    database,
    backplane: { admission },
    clock,
  } = context;
  const endedAfter = oldestRoomEnd(clock.now());
  const lock = (transaction: Transaction, after: string, limit: number) =>
    transaction.$queryRaw<IdRow[]>`
      SELECT "id" FROM "Room"
      WHERE "applicationId" = ${applicationId} AND "validUntil" > ${endedAfter} AND "id" > ${after}
      ORDER BY "id" LIMIT ${limit} FOR SHARE`;

  const published = await eachBatch(database, lock, async (transaction, ids) => {
    const rooms = await transaction.room.findMany({
      where: { applicationId, id: { in: ids } },
      include: { roster: true },
    });
    for (const room of rooms) {
      await admission.putRoom(toRoomRecord(room));
    }
  });
  for (const id of await admission.roomIds(applicationId)) {
    if (!published.has(id)) {
      await putRight(context, { kind: 'room', applicationId, id });
    }
  }
}
