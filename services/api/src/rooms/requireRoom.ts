import type { Transaction } from '@parley/db';
import { ProtocolError } from '@parley/protocol';
import type { RoomWithRoster } from '../admission/records.ts';

/** The room with its roster; throws `room_not_found`. */
export async function requireRoom(
  database: Transaction,
  { applicationId, roomId }: { applicationId: string; roomId: string },
): Promise<RoomWithRoster> {
  const room = await database.room.findUnique({
    where: { applicationId_id: { applicationId, id: roomId } },
    include: { roster: true },
  });
  if (room === null) {
    throw new ProtocolError('room_not_found');
  }

  return room;
}
