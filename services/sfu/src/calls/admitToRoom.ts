import type { RoomRecord } from '@parley/backplane';
import { ProtocolError, type Role } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';

/** The role of users whom an open room admits without naming them. */
const defaultRole: Role = 'collaborator';

/**
 * The role in which the endpoint may enter the room. Throws `forbidden`, `room_not_found`, `not_on_roster` or
 * `outside_room_window` when it may not. A guest learns nothing of rooms other than their own, not even
 * whether they exist.
 */
export function admitToRoom(
  endpoint: CallEndpoint,
  roomId: string,
  room: RoomRecord | undefined,
  nowMs: number,
): { readonly role: Role; readonly capacity: number } {
  const { guestOf, scopes, identity } = endpoint;
  const mayCall = scopes.includes('calls');
  if (!mayCall && !scopes.includes('rooms.join')) {
    throw new ProtocolError('forbidden', 'The token does not admit to rooms.');
  }
  if (guestOf !== undefined && guestOf.roomId !== roomId) {
    throw new ProtocolError('forbidden', 'The token admits to another room.');
  }
  if (room === undefined) {
    throw new ProtocolError('room_not_found');
  }
  const listed = Object.hasOwn(room.roster, identity.userId) ? room.roster[identity.userId] : undefined;
  const role = guestOf?.role ?? listed ?? (room.access === 'open' && mayCall ? defaultRole : undefined);
  if (role === undefined) {
    throw new ProtocolError('not_on_roster');
  }
  if (nowMs < room.validFromMs || nowMs >= room.validUntilMs) {
    throw new ProtocolError('outside_room_window');
  }

  return { role, capacity: room.maxParticipants };
}
