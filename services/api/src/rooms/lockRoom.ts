import type { Transaction } from '@parley/db';
import type { RoomWithRoster } from '../admission/records.ts';
import { requireRoom } from './requireRoom.ts';

/**
 * The room as it is once nobody else is changing it, which stays so until the transaction ends; throws
 * `room_not_found`. What belongs to the room may be added meanwhile, as its foreign keys need a weaker lock.
 */
export async function lockRoom(
  database: Transaction,
  { applicationId, roomId }: { applicationId: string; roomId: string },
): Promise<RoomWithRoster> {
  await database.$queryRaw`
    SELECT "id" FROM "Room" WHERE "applicationId" = ${applicationId} AND "id" = ${roomId} FOR NO KEY UPDATE`;

  return requireRoom(database, { applicationId, roomId });
}
