import type { RemoteVideoStream } from '@parley/calling';
import { useObservable } from './useObservable.ts';

/** What a stream is like at the moment; `RemoteVideoStream` says what each is. */
export type StreamSnapshot = Pick<RemoteVideoStream, 'type' | 'isAvailable' | 'mediaStream'>;

const read = ({ type, isAvailable, mediaStream }: RemoteVideoStream): StreamSnapshot => ({
  type,
  isAvailable,
  mediaStream,
});

/**
 * What somebody else's camera or screen is like.
 *
 * @example
 * const [camera] = useVideoStreams(participant);
 * return useStream(camera)?.isAvailable === true ? <VideoView stream={camera} /> : <Avatar />;
 */
export function useStream(stream: RemoteVideoStream): StreamSnapshot;
export function useStream(stream: RemoteVideoStream | undefined): StreamSnapshot | undefined;
export function useStream(stream: RemoteVideoStream | undefined): StreamSnapshot | undefined {
  return useObservable(stream, ['isAvailableChanged', 'mediaStreamChanged'], read);
}
