import type { RemoteParticipant } from '../participants/participantTypes.ts';

/**
 * Anybody in a call: somebody else, or `'own'` for this page's own part, of which the `Call` itself tells.
 *
 * @example
 * const names = call.raisedHands.map((member) => (member === 'own' ? 'You' : member.displayName));
 */
export type CallMember = RemoteParticipant | 'own';
