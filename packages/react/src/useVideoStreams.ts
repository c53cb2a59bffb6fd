import type { RemoteParticipant, RemoteVideoStream } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * The cameras of a participant.
 *
 * @example
 * const [camera] = useVideoStreams(participant);
 * return <VideoView stream={camera} />;
 */
export function useVideoStreams(participant: RemoteParticipant | undefined): readonly RemoteVideoStream[] {
  return useObservable(participant, ['videoStreamsUpdated'], (object) => object.videoStreams) ?? nothing;
}
