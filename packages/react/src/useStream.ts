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
 * return useStream(stream).isAvailable ? <VideoView stream={stream} /> : <Avatar />;
 */
export function useStream(stream: RemoteVideoStream): StreamSnapshot {
  return useObservable(stream, ['isAvailableChanged', 'mediaStreamChanged'], read);
}
