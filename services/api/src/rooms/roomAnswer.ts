import type { Room } from '@parley/protocol/rest';
import { callSettingsOf } from '../callSettings/callSettingsOf.ts';
import { toRoster, type RoomWithRoster } from '../admission/records.ts';

/** A room as the API shows one. */
export function toRoomAnswer(room: RoomWithRoster): Room {
  const { id, name, access, lobby, maxParticipants, attendeesMayShare } = room;

  return {
    id,
    ...(name === null ? {} : { name }),
    access,
    lobby,
    validFrom: room.validFrom.toISOString(),
    validUntil: room.validUntil.toISOString(),
    maxParticipants,
    attendeesMayShare,
    callSettings: callSettingsOf(room),
    roster: { ...toRoster(room) },
    createdAt: room.createdAt.toISOString(),
  };
}
