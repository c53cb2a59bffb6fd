import { ProtocolError, type Role } from '@parley/protocol';
import { withdrawForbidden, type Participation } from '../participants/publish.ts';

/**
 * Gives somebody in the call another role, or oneself. In a room it lasts until the room is changed, which has the
 * last word about roles. Throws `not_found` when there is nobody of that id, and `invalid_state` when the call would
 * be without a presenter: nobody in it could undo that.
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
  call.roles.change(participant, role);
  withdrawForbidden({ call, participant });
}
