import { ProtocolError, roles, type Role } from '@parley/protocol';
import { withdrawForbidden, type Participation } from '../participants/publish.ts';

/**
 * Gives somebody in the call another role, or oneself. In a room it lasts until the room is changed, which has the
 * last word about roles. Throws `not_found` when there is nobody of that id, `invalid_state` when the call would be
 * without a presenter: nobody in it could undo that, and as `CallRate` does.
 */
export function changeRole(
  { call, participant: moderator }: Participation,
  { participantId, role }: { readonly participantId: string; readonly role: Role },
): void {
  call.roles.require(moderator, 'changeRoles');
  const participant = call.find(participantId);
  if (participant === undefined) {
    throw new ProtocolError('not_found', 'There is no such participant in the call.');
  }
  const isPresenterLeft =
    role === 'presenter' || call.present.some((other) => other !== participant && other.role === 'presenter');
  if (!isPresenterLeft) {
    throw new ProtocolError('invalid_state', 'A call needs a presenter.');
  }
  // To take rights away is never refused, however much goes on: to give them pays for both.
  if (roles.indexOf(role) < roles.indexOf(participant.role)) {
    call.rate.require(moderator, 2);
  }
  call.roles.change(participant, role);
  withdrawForbidden({ call, participant });
}
