import type { VideoProcessor } from '../streams/processorTypes.ts';
import { canDrawOnCanvas, drawOnCanvas } from './drawOnCanvas.ts';
import { canDrawFrames, drawFrames } from './drawFrames.ts';
import { FrameRateWatch } from './FrameRateWatch.ts';
import type { FramePipeline, VideoProcessorOptions } from './videoProcessorTypes.ts';

/**
 * A processor that has the application draw each frame, as with a background that is blurred or replaced. Frames are taken
 * from the track itself where the browser lets a page do that (`MediaStreamTrackProcessor`), else from a hidden element
 * over a canvas, which browsers slow down in a tab that is not seen.
 *
 * @example
 * const blur = createVideoProcessor({
 *   name: 'background blur',
 *   async draw(frame, context, { width, height }) {
 *     const mask = await segment(frame); // a library's: opaque where the person is
 *     context.drawImage(mask, 0, 0, width, height);
 *     context.globalCompositeOperation = 'source-in';
 *     context.drawImage(frame, 0, 0, width, height);
 *     context.globalCompositeOperation = 'destination-over';
 *     context.filter = 'blur(12px)';
 *     context.drawImage(frame, 0, 0, width, height);
 *   },
 * });
 * await call.localVideoStreams[0]?.setProcessor(blur);
 * @throws TypeError without a function that draws.
 */
export function createVideoProcessor({ name = 'drawing', draw }: VideoProcessorOptions): VideoProcessor {
  if (typeof draw !== 'function') {
    throw new TypeError('createVideoProcessor() takes a function that draws.');
  }
  const running = new Set<FramePipeline & { readonly watch: FrameRateWatch }>();
  const stop = (): void => {
    for (const pipeline of running) {
      pipeline.watch.stop();
      pipeline.stop();
    }
    running.clear();
  };

  return {
    kind: 'video',
    name,
    get isSupported() {
      return canDrawFrames() || canDrawOnCanvas();
    },
    async start(track, listener) {
      const before = [...running];
      const watch = new FrameRateWatch(track, (framesPerSecond) => listener.onFrameRateLow(framesPerSecond));
      const open = canDrawFrames() ? drawFrames : drawOnCanvas;
      let entry: (FramePipeline & { readonly watch: FrameRateWatch }) | undefined;
      const pipeline = await open({
        track,
        draw,
        onFrame: () => watch.count(),
        onError: (error) => {
          watch.stop();
          // What has been stopped, here or by whoever took its track, may fail as it likes.
          if (entry !== undefined && running.delete(entry) && entry.track.readyState === 'live') {
            listener.onError(error);
          }
        },
      }).catch((error: unknown) => {
        watch.stop();
        throw error;
      });
      entry = { ...pipeline, watch };
      running.add(entry);
      // They go on until whoever has their track goes over to this one, which ends them.
      before.forEach((each) => each.watch.stop());

      return pipeline.track;
    },
    stop,
  };
}
