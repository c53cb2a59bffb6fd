import type { RoomRecord } from '@parley/backplane';
import { ProtocolError, type Role } from '@parley/protocol';
import type { Admissible, CallEndpoint } from '../CallEndpoint.ts';

/** The role of users whom an open room admits without naming them. */
const defaultRole: Role = 'collaborator';

/** As whom the room lets somebody in, and whether somebody inside has to let them in first. */
export interface Admittance {
  readonly role: Role;
  readonly mustWait: boolean;
}

/**
 * Judges whether the endpoint may enter the room. Throws `forbidden`, `room_not_found`, `not_on_roster` or
 * `outside_room_window` when it may not. A guest learns nothing of rooms other than their own,
 * not even whether they exist.
 */
export function admitToRoom(
  endpoint: CallEndpoint,
  roomId: string,
  room: RoomRecord | undefined,
  nowMs: number,
): Admittance {
  requireRoomRights(endpoint, roomId);
  if (room === undefined) {
    throw new ProtocolError('room_not_found');
  }
  const role = roleInRoom(endpoint, room);
  if (role === undefined) {
    throw new ProtocolError('not_on_roster');
  }
  if (!isOpen(room, nowMs)) {
    throw new ProtocolError('outside_room_window');
  }

  return { role, mustWait: room.lobby && role !== 'presenter' };
}

/** What the link or the roster makes of the endpoint, or the room of everybody; undefined when neither knows it. */
export function roleInRoom(
  { identity, guestOf, scopes }: Admissible,
  { access, roster }: RoomRecord,
): Role | undefined {
  const listed = Object.hasOwn(roster, identity.userId) ? roster[identity.userId] : undefined;
  const isOpenToAll = access === 'open' && scopes.includes('calls');

  return guestOf?.role ?? listed ?? (isOpenToAll ? defaultRole : undefined);
}

/** The end of a room's window does not belong to it. */
export function isOpen({ validFromMs, validUntilMs }: RoomRecord, nowMs: number): boolean {
  return nowMs >= validFromMs && nowMs < validUntilMs;
}

/** Throws `forbidden` for a token that admits to no room, or not to this one. */
function requireRoomRights({ identity, guestOf, scopes }: CallEndpoint, roomId: string): void {
  const mayJoin = scopes.includes('calls') || scopes.includes('rooms.join');
  if (!mayJoin || identity.kind === 'anonymous') {
    throw new ProtocolError('forbidden', 'The token does not admit to rooms.');
  }
  const isGuest = identity.kind === 'guest' || guestOf !== undefined;
  if (isGuest && guestOf?.roomId !== roomId) {
    throw new ProtocolError('forbidden', 'The token admits to another room.');
  }
}
