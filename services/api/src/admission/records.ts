import type { RoomRecord } from '@parley/backplane';
import type { Room, RosterEntry } from '@parley/db';

export type RoomWithRoster = Room & { roster: readonly RosterEntry[] };

/** What the sfu has to know of a room. */
export function toRoomRecord(room: RoomWithRoster): RoomRecord {
  return {
    applicationId: room.applicationId,
    roomId: room.id,
    access: room.access,
    validFromMs: room.validFrom.getTime(),
    validUntilMs: room.validUntil.getTime(),
    maxParticipants: room.maxParticipants,
    roster: toRoster(room),
  };
}

export function toRoster({ roster }: RoomWithRoster): RoomRecord['roster'] {
  return Object.fromEntries(roster.map(({ userId, role }) => [userId, role]));
}
