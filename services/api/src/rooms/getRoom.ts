import type { Handler } from '../operations/handlerTypes.ts';
import { requireRoom } from './requireRoom.ts';
import { toRoomAnswer } from './roomAnswer.ts';

export const getRoom: Handler<'getRoom'> = async ({ database, applicationId, params: { roomId } }) =>
  toRoomAnswer(await requireRoom(database, { applicationId, roomId }));
