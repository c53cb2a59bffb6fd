import type { PipelineOptions } from './videoProcessorTypes.ts';

/** W3C mediacapture-transform as Chromium has it, which the DOM library has not. */
interface TransformGlobals {
  readonly MediaStreamTrackProcessor?: new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => {
    readonly readable: ReadableStream<VideoFrame>;
  };
  readonly MediaStreamTrackGenerator?: new (init: { kind: 'video' }) => MediaStreamTrack & {
    readonly writable: WritableStream<VideoFrame>;
  };
}

const globals = globalThis as unknown as TransformGlobals;

export function canDrawFrames(): boolean {
  return (
    globals.MediaStreamTrackProcessor !== undefined &&
    globals.MediaStreamTrackGenerator !== undefined &&
    typeof OffscreenCanvas === 'function'
  );
}

/** Draws each frame that there is time for. Resolves with the first, so that the size of the track is known. */
export async function drawFrames(options: PipelineOptions): Promise<MediaStreamTrack> {
  const { track, draw, signal, onFrame, onEnd } = options;
  const { MediaStreamTrackProcessor: Processor, MediaStreamTrackGenerator: Generator } = globals;
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d');
  if (Processor === undefined || Generator === undefined || context === null) {
    throw new DOMException('Frames cannot be taken from tracks here.', 'NotSupportedError');
  }
  const first = Promise.withResolvers<void>();
  const output = new Generator({ kind: 'video' });
  const drawing = new TransformStream<VideoFrame, VideoFrame>({
    async transform(frame, controller) {
      try {
        const { displayWidth: width, displayHeight: height, timestamp } = frame;
        if (canvas.width !== width || canvas.height !== height) {
          canvas.width = width;
          canvas.height = height;
        }
        context.reset();
        await draw(frame, context, { width, height });
        controller.enqueue(new VideoFrame(canvas, { timestamp }));
        onFrame();
        first.resolve();
      } finally {
        frame.close();
      }
    },
  });
  const frames = new Processor({ track, maxBufferSize: 1 }).readable
    .pipeThrough(drawing, { signal })
    .pipeTo(output.writable, { signal });
  const follow = async (): Promise<void> => {
    await frames;
    first.reject(new DOMException('The track has ended.', 'InvalidStateError'));
  };
  follow().then(onEnd, (error: unknown) => {
    first.reject(error);
    onEnd(error);
  });
  await first.promise;

  return output;
}
