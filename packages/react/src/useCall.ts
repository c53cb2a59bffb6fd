import type { Call } from '@parley/calling';
import { useObservable, type EventName } from './useObservable.ts';

const events = [
  'idChanged',
  'endpointIdChanged',
  'kindChanged',
  'stateChanged',
  'callEndReasonChanged',
  'roleChanged',
  'isMutedChanged',
  'isIncomingAudioMutedChanged',
  'isMicrophoneAvailableChanged',
  'isScreenSharingOnChanged',
  'isHandRaisedChanged',
  'isSpotlightedChanged',
] as const satisfies EventName<Call>[];

/** What a call is like at the moment; `Call` says what each is. */
export type CallSnapshot = Pick<
  Call,
  | 'id'
  | 'endpointId'
  | 'kind'
  | 'direction'
  | 'state'
  | 'callEndReason'
  | 'role'
  | 'isMuted'
  | 'isIncomingAudioMuted'
  | 'isMicrophoneAvailable'
  | 'isScreenSharingOn'
  | 'isHandRaised'
  | 'isSpotlighted'
>;

const read = (call: Call): CallSnapshot => ({
  id: call.id,
  endpointId: call.endpointId,
  kind: call.kind,
  direction: call.direction,
  state: call.state,
  callEndReason: call.callEndReason,
  role: call.role,
  isMuted: call.isMuted,
  isIncomingAudioMuted: call.isIncomingAudioMuted,
  isMicrophoneAvailable: call.isMicrophoneAvailable,
  isScreenSharingOn: call.isScreenSharingOn,
  isHandRaised: call.isHandRaised,
  isSpotlighted: call.isSpotlighted,
});

/**
 * What this page's own part in a call is like. Lists have hooks of their own, and so has `isSpeaking`, which changes so often.
 *
 * @example
 * const { state, isMuted } = useCall(call);
 * <button onClick={() => void (isMuted ? call.unmute() : call.mute())}>{isMuted ? 'Unmute' : 'Mute'}</button>
 */
export function useCall(call: Call): CallSnapshot;
export function useCall(call: Call | undefined): CallSnapshot | undefined;
export function useCall(call: Call | undefined): CallSnapshot | undefined {
  return useObservable(call, events, read);
}
