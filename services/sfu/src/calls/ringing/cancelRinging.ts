import { ProtocolError } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { Participation } from '../participants/publish.ts';
import { requireAdding } from '../scopes.ts';

/**
 * Rings somebody no more, who may be rung again. Throws `not_found` when there is nobody of that id and `invalid_state`
 * when they are in the call already.
 */
export function cancelRinging(
  { call, participant: who }: Participation,
  endpoint: CallEndpoint,
  participantId: string,
): void {
  requireAdding(endpoint);
  call.roles.require(who, 'addParticipants');
  const callee = call.find(participantId);
  if (callee === undefined) {
    throw new ProtocolError('not_found', 'There is no such participant in the call.');
  }
  if (callee.state !== 'ringing') {
    throw new ProtocolError('invalid_state', 'The participant does not ring.');
  }
  call.expel(callee, 'canceled');
}
