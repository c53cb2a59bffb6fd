import { ProtocolError } from '@parley/protocol';
import type { Participation } from './publish.ts';

/**
 * Puts somebody out of the call for good, or rings them no more. Throws `not_found` when there is nobody of that id, and
 * `invalid_request` for oneself and one's other devices: one leaves.
 */
export function removeOther({ call, participant: moderator }: Participation, participantId: string): void {
  call.roles.require(moderator, 'removeParticipants');
  const participant = call.find(participantId);
  if (participant === undefined) {
    throw new ProtocolError('not_found', 'There is no such participant in the call.');
  }
  if (participant.identity.userId === moderator.identity.userId) {
    throw new ProtocolError('invalid_request', 'Nobody can remove themselves.');
  }
  call.departures.revoke(participant);
}
