import { toRoomRecord } from '../admission/records.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { InvalidRequestError } from '../requests/parse.ts';
import { randomRoomId } from '../security/ids.ts';
import { toRoomAnswer } from './roomAnswer.ts';
import { roomWindow } from './roomWindow.ts';
import { requireRosterUsers } from './roster.ts';

/** `invalid_request` when the roster names a user there is not, or the room would have ended already. */
export const createRoom: Handler<'createRoom'> = async ({
  context: { clock },
  database,
  publish,
  applicationId,
  body,
}) => {
  const { name, roster, validFrom, validUntil, ...settings } = body;
  const window = roomWindow({ validFrom, validUntil }, clock.now());
  if (window.validUntil.getTime() <= clock.now()) {
    throw new InvalidRequestError([{ pointer: '/validUntil', detail: 'must be in the future' }]);
  }
  await requireRosterUsers(database, applicationId, roster);
  const room = await database.room.create({
    data: {
      application: { connect: { id: applicationId } },
      id: randomRoomId(),
      name: name ?? null,
      ...settings,
      ...window,
      createdAt: new Date(clock.now()),
      roster: { createMany: { data: Object.entries(roster).map(([userId, role]) => ({ userId, role })) } },
    },
    include: { roster: true },
  });
  publish.room(toRoomRecord(room));

  return toRoomAnswer(room);
};
