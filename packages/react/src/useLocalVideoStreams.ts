import type { Call, LocalVideoStream } from '@parley/calling';
import { nothing } from './nothing.ts';
import { useObservable } from './useObservable.ts';

/**
 * What this page sends in a call: the camera first, then a shared screen.
 *
 * @example
 * const camera = useLocalVideoStreams(call).find(({ type }) => type === 'Video');
 * return <VideoView stream={camera} />;
 */
export function useLocalVideoStreams(call: Call | undefined): readonly LocalVideoStream[] {
  return useObservable(call, ['localVideoStreamsUpdated'], (object) => object.localVideoStreams) ?? nothing;
}
