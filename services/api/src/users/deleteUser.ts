import type { Transaction } from '@parley/db';
import { toRoomRecord } from '../admission/records.ts';
import { leaveDestinations } from '../anonymousDestinations/leaveDestinations.ts';
import { forgetAnswers } from '../idempotency/forgetAnswers.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { revoke } from '../revocations/revoke.ts';
import { leaveAdministrators } from './leaveAdministrators.ts';
import { lockUser } from './lockUser.ts';

/**
 * Removes a user with everything that is theirs. The revocation outlives the row, and by it open connections are
 * closed, which ends the part in live calls.
 */
export const deleteUser: Handler<'deleteUser'> = async ({
  context,
  database,
  publish,
  principal,
  applicationId,
  params: { userId },
}) => {
  // The user first, as with everybody who changes a roster: locks taken in one order never meet.
  const user = await lockUser(database, { applicationId, userId }, 'delete');
  leaveAdministrators(principal, user.isAdmin);
  const roomIds = await lockRooms(database, applicationId, userId);

  // Access tokens and refresh grants go along; whoever exchanges one just now is waited for.
  await database.user.delete({ where: { applicationId_id: { applicationId, id: userId } } });
  await database.callSurvey.updateMany({
    where: { participant: { applicationId, userId } },
    data: { comment: null },
  });
  await database.participantRecord.updateMany({
    where: { applicationId, userId },
    data: { userId: null, displayName: null },
  });
  await forgetAnswers(database, applicationId, `/v1/users/${encodeURIComponent(userId)}`);

  await revoke(
    database,
    { publish, clock: context.clock },
    { applicationId, subject: { kind: 'user', userId } },
  );
  publish.userRemoved(applicationId, userId);
  await leaveDestinations(database, publish, { applicationId, userId });
  const rooms = await database.room.findMany({
    where: { applicationId, id: { in: roomIds } },
    include: { roster: true },
  });
  for (const room of rooms) {
    publish.room(toRoomRecord(room));
  }
};

/** Holds the rooms that have the user on their rosters, and answers their ids. */
async function lockRooms(transaction: Transaction, applicationId: string, userId: string): Promise<string[]> {
  const rooms = await transaction.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Room"
    WHERE "applicationId" = ${applicationId} AND "id" IN (
      SELECT "roomId" FROM "RosterEntry" WHERE "applicationId" = ${applicationId} AND "userId" = ${userId}
    )
    ORDER BY "id"
    FOR UPDATE`;

  return rooms.map(({ id }) => id);
}
