import type { AudioProcessor, ProcessorListener, VideoProcessor } from '../streams/processorTypes.ts';
import { asTrack, FakeTrack } from './fakeMediaStream.ts';

/** A processor whose tracks can be told from what they are made of, and that fails when the test says so. */
export function fakeProcessor<Kind extends 'audio' | 'video'>(kind: Kind) {
  const inputs: MediaStreamTrack[] = [];
  const outputs: FakeTrack[] = [];
  const state = {
    stops: 0,
    failure: undefined as Error | undefined,
    listener: undefined as ProcessorListener | undefined,
  };
  const processor = {
    kind,
    name: 'a fake',
    isSupported: true,
    async start(track: MediaStreamTrack, listener: ProcessorListener) {
      inputs.push(track);
      state.listener = listener;
      if (state.failure !== undefined) {
        throw state.failure;
      }
      const output = new FakeTrack(kind, `${kind}-processed`);
      outputs.push(output);

      return asTrack(output);
    },
    stop() {
      state.stops += 1;
    },
  };

  // The kind that was asked for makes it the one or the other.
  return {
    processor: processor as unknown as Kind extends 'video' ? VideoProcessor : AudioProcessor,
    inputs,
    outputs,
    state,
  };
}
