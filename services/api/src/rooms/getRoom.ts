import { ProtocolError } from '@parley/protocol';
import type { Room } from '@parley/protocol/rest';
import type { ApiContext } from '../context.ts';
import { toRoomAnswer } from './roomAnswer.ts';

export async function getRoom(
  { database }: Pick<ApiContext, 'database'>,
  applicationId: string,
  id: string,
): Promise<Room> {
  const room = await database.room.findUnique({
    where: { applicationId_id: { applicationId, id } },
    include: { roster: true },
  });
  if (room === null) {
    throw new ProtocolError('room_not_found');
  }

  return toRoomAnswer(room);
}
