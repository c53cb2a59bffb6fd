import { createRoomSchema, maxRoomParticipants, type UpdateRoom } from '@parley/protocol/rest';
import { toRoomRecord, type RoomWithRoster } from '../admission/records.ts';
import { callSettingsOf } from '../callSettings/callSettingsOf.ts';
import type { Handler } from '../operations/handlerTypes.ts';
import { InvalidRequestError } from '../requests/parse.ts';
import { patched, patchedTable } from '../requests/patched.ts';
import { lockRoom } from './lockRoom.ts';
import { toRoomAnswer } from './roomAnswer.ts';
import { roomWindow } from './roomWindow.ts';
import { changeRoster, requireRosterUsers } from './roster.ts';

/** What null restores. */
const standard = createRoomSchema.parse({});

/** `invalid_request` when the window has no length any more, or the roster names strangers or too many. */
export const updateRoom: Handler<'updateRoom'> = async ({
  context,
  database,
  publish,
  applicationId,
  params: { roomId },
  body: { roster, ...settings },
}) => {
  await requireRosterUsers(database, applicationId, roster ?? {});
  const room = await lockRoom(database, { applicationId, roomId });
  await changeRoster(database, room, roster);
  const changed = await database.room.update({
    where: { applicationId_id: { applicationId, id: roomId } },
    data: patchedSettings(room, settings, context.clock.now()),
    include: { roster: true },
  });
  if (changed.roster.length > maxRoomParticipants) {
    throw new InvalidRequestError([
      { pointer: '/roster', detail: `must not name more than ${maxRoomParticipants} users` },
    ]);
  }
  publish.room(toRoomRecord(changed));

  return toRoomAnswer(changed);
};

function patchedSettings(room: RoomWithRoster, patch: Omit<UpdateRoom, 'roster'>, nowMs: number) {
  return {
    name: patched(room.name, patch.name, null),
    access: patched(room.access, patch.access, standard.access),
    lobby: patched(room.lobby, patch.lobby, standard.lobby),
    maxParticipants: patched(room.maxParticipants, patch.maxParticipants, standard.maxParticipants),
    attendeesMayShare: patched(room.attendeesMayShare, patch.attendeesMayShare, standard.attendeesMayShare),
    callSettings: patchedTable(callSettingsOf(room), patch.callSettings),
    ...roomWindow(
      {
        validFrom: patched<Date | string | undefined>(room.validFrom, patch.validFrom, undefined),
        validUntil: patched<Date | string | undefined>(room.validUntil, patch.validUntil, undefined),
      },
      nowMs,
    ),
  };
}
