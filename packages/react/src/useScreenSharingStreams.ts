import type { RemoteParticipant, RemoteVideoStream } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * The screens that a participant shares.
 *
 * @example
 * const [screen] = useScreenSharingStreams(participant);
 * return <VideoView stream={screen} scalingMode="Fit" />;
 */
export function useScreenSharingStreams(
  participant: RemoteParticipant | undefined,
): readonly RemoteVideoStream[] {
  return (
    useObservable(participant, ['screenSharingStreamsUpdated'], (object) => object.screenSharingStreams) ??
    nothing
  );
}
