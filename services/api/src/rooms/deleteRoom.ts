import { ProtocolError } from '@parley/protocol';
import type { Handler } from '../operations/handlerTypes.ts';

/** Roster and guest links go with the row; the sfu ends the call when it hears of it. */
export const deleteRoom: Handler<'deleteRoom'> = async ({
  database,
  publish,
  applicationId,
  params: { roomId },
}) => {
  const { count } = await database.room.deleteMany({ where: { applicationId, id: roomId } });
  if (count === 0) {
    throw new ProtocolError('room_not_found');
  }
  publish.roomRemoved(applicationId, roomId);
};
