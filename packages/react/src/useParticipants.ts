import type { Call, RemoteParticipant } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * Everybody else in a call, callees who are still ringing among them; nobody while there is no call.
 *
 * @example
 * useParticipants(call).map((participant) => <Tile key={participant.endpointId} participant={participant} />);
 */
export function useParticipants(call: Call | undefined): readonly RemoteParticipant[] {
  return useObservable(call, ['remoteParticipantsUpdated'], (object) => object.remoteParticipants) ?? nothing;
}
