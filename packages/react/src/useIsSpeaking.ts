import type { Call, RemoteParticipant } from '@parley/calling';
import { useObservable } from './useObservable.ts';

/**
 * Whether somebody is heard to speak: a participant, or with the call this page's own one.
 *
 * @example
 * <div className={useIsSpeaking(participant) ? 'tile speaking' : 'tile'} />
 */
export function useIsSpeaking(member: Call | RemoteParticipant | undefined): boolean {
  // As a participant; a call has the same property with the same event.
  return (
    useObservable(
      member as RemoteParticipant | undefined,
      ['isSpeakingChanged'],
      ({ isSpeaking }) => isSpeaking,
    ) ?? false
  );
}
