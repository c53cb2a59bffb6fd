import type { Transaction } from '@parley/db';
import { maxTokenSeconds } from '@parley/protocol';
import type { ApiContext } from '../context.ts';
import { toRevocation } from '../revocations/revoke.ts';
import { eachBatch, type IdRow } from './eachBatch.ts';
import { toApplicationRecord, toRoomRecord, toUserRecord } from './records.ts';

/** Who comes late is told for that long that the room has ended; then there is no such room. */
const endedRoomMs = 30 * 24 * 60 * 60 * 1000;

interface PublishContext extends Pick<ApiContext, 'database' | 'backplane' | 'clock'> {
  readonly signingKeys: Pick<ApiContext['signingKeys'], 'reload'>;
}

/**
 * Publishes everything that admission depends on, as an api does when it starts: the backplane may have been
 * emptied, or a write may have been lost between the database and it. The revocations come last, for they open
 * the sfu's door.
 */
export async function publishAll(context: PublishContext): Promise<void> {
  for (const applicationId of await publishApplications(context)) {
    await publishUsers(context, applicationId);
    await publishRooms(context, applicationId);
  }
  // Not those known here: another api may have rotated them since.
  await context.signingKeys.reload();
  await publishRevocations(context);
}

async function publishApplications({ database, backplane }: PublishContext): Promise<string[]> {
  const applicationIds: string[] = [];
  const lock = (transaction: Transaction, after: string, limit: number) =>
    transaction.$queryRaw<IdRow[]>`
      SELECT "id" FROM "Application" WHERE "id" > ${after} ORDER BY "id" LIMIT ${limit} FOR SHARE`;

  await eachBatch(database, lock, async (transaction, ids) => {
    for (const application of await transaction.application.findMany({ where: { id: { in: ids } } })) {
      await backplane.admission.putApplication(toApplicationRecord(application));
    }
    applicationIds.push(...ids);
  });

  return applicationIds;
}

async function publishUsers({ database, backplane }: PublishContext, applicationId: string): Promise<void> {
  const lock = (transaction: Transaction, after: string, limit: number) =>
    transaction.$queryRaw<IdRow[]>`
      SELECT "id" FROM "User" WHERE "applicationId" = ${applicationId} AND "kind" = 'user' AND "id" > ${after}
      ORDER BY "id" LIMIT ${limit} FOR SHARE`;

  await eachBatch(database, lock, async (transaction, ids) => {
    const users = await transaction.user.findMany({
      where: { applicationId, id: { in: ids } },
      include: { phoneNumbers: true },
    });
    for (const user of users) {
      await backplane.admission.putUser(toUserRecord(user));
    }
  });
}

async function publishRooms(
  { database, backplane, clock }: PublishContext,
  applicationId: string,
): Promise<void> {
  const endedBefore = new Date(clock.now() - endedRoomMs);
  const lock = (transaction: Transaction, after: string, limit: number) =>
    transaction.$queryRaw<IdRow[]>`
      SELECT "id" FROM "Room"
      WHERE "applicationId" = ${applicationId} AND "validUntil" > ${endedBefore} AND "id" > ${after}
      ORDER BY "id" LIMIT ${limit} FOR SHARE`;

  await eachBatch(database, lock, async (transaction, ids) => {
    const rooms = await transaction.room.findMany({
      where: { applicationId, id: { in: ids } },
      include: { roster: true },
    });
    for (const room of rooms) {
      await backplane.admission.putRoom(toRoomRecord(room));
    }
  });
}

/** Those that some token may still be subject to. */
async function publishRevocations({ database, backplane, clock }: PublishContext): Promise<void> {
  const oldestToken = new Date(clock.now() - maxTokenSeconds * 1000);
  const revocations = await database.revocation.findMany({ where: { revokedBefore: { gt: oldestToken } } });
  await backplane.admission.putAllRevocations(revocations.map(toRevocation));
}
