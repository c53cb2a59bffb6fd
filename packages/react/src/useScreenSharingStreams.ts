import type { RemoteParticipant, RemoteVideoStream } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * The screens that a participant shares.
 */
export function useScreenSharingStreams(
  participant: RemoteParticipant | undefined,
): readonly RemoteVideoStream[] {
  return (
    useObservable(participant, ['screenSharingStreamsUpdated'], (object) => object.screenSharingStreams) ??
    nothing
  );
}
