import type { ApplicationRecord, RoomRecord, UserRecord } from '@parley/backplane';
import type { Application, PhoneNumber, Room, RosterEntry, User } from '@parley/db';
import { callSettingsOf } from '../callSettings/callSettingsOf.ts';
import { limitsOf } from '../applications/limitsOf.ts';

export type RoomWithRoster = Room & { roster: readonly RosterEntry[] };

export type UserWithNumbers = User & { phoneNumbers: readonly PhoneNumber[] };

/** What the sfu has to know of an application. */
export function toApplicationRecord(application: Application): ApplicationRecord {
  return {
    applicationId: application.id,
    allowedOrigins: application.allowedOrigins,
    anonymousDestinations: application.anonymousDestinations,
    limits: limitsOf(application),
    callSettings: callSettingsOf(application),
  };
}

/** What the sfu has to know of a user who can be called. */
export function toUserRecord(user: UserWithNumbers): UserRecord {
  return {
    applicationId: user.applicationId,
    userId: user.id,
    displayName: user.displayName,
    phoneNumbers: user.phoneNumbers.map(({ number }) => number),
  };
}

/** What the sfu has to know of a room. */
export function toRoomRecord(room: RoomWithRoster): RoomRecord {
  return {
    applicationId: room.applicationId,
    roomId: room.id,
    access: room.access,
    lobby: room.lobby,
    validFromMs: room.validFrom.getTime(),
    validUntilMs: room.validUntil.getTime(),
    maxParticipants: room.maxParticipants,
    attendeesMayShare: room.attendeesMayShare,
    callSettings: callSettingsOf(room),
    roster: toRoster(room),
  };
}

export function toRoster({ roster }: RoomWithRoster): RoomRecord['roster'] {
  return Object.fromEntries(roster.map(({ userId, role }) => [userId, role]));
}
