import type { RemoteParticipant } from '@parley/calling';
import { useObservable, type EventName } from './useObservable.ts';

const events = [
  'endpointIdChanged',
  'displayNameChanged',
  'stateChanged',
  'callEndReasonChanged',
  'roleChanged',
  'isMutedChanged',
  'isSpeakingChanged',
  'isHandRaisedChanged',
  'isSpotlightedChanged',
] as const satisfies EventName<RemoteParticipant>[];

/** What a participant is like at the moment; `RemoteParticipant` says what each is. */
export type ParticipantSnapshot = Pick<
  RemoteParticipant,
  | 'identity'
  | 'endpointId'
  | 'displayName'
  | 'state'
  | 'callEndReason'
  | 'role'
  | 'isMuted'
  | 'isSpeaking'
  | 'isHandRaised'
  | 'isSpotlighted'
>;

const read = (participant: RemoteParticipant): ParticipantSnapshot => ({
  identity: participant.identity,
  endpointId: participant.endpointId,
  displayName: participant.displayName,
  state: participant.state,
  callEndReason: participant.callEndReason,
  role: participant.role,
  isMuted: participant.isMuted,
  isSpeaking: participant.isSpeaking,
  isHandRaised: participant.isHandRaised,
  isSpotlighted: participant.isSpotlighted,
});

/**
 * What somebody else in a call is like; their streams have hooks of their own.
 *
 * @example
 * const { displayName, isMuted } = useParticipant(participant);
 */
export function useParticipant(participant: RemoteParticipant): ParticipantSnapshot;
export function useParticipant(participant: RemoteParticipant | undefined): ParticipantSnapshot | undefined;
export function useParticipant(participant: RemoteParticipant | undefined): ParticipantSnapshot | undefined {
  return useObservable(participant, events, read);
}
