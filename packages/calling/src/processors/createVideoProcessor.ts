import type { VideoProcessor } from '../streams/processorTypes.ts';
import { canDrawOnCanvas, drawOnCanvas } from './drawOnCanvas.ts';
import { canDrawFrames, drawFrames } from './drawFrames.ts';
import { FrameRateWatch } from './FrameRateWatch.ts';
import type { VideoProcessorOptions } from './videoProcessorTypes.ts';

interface Run {
  readonly watch: FrameRateWatch;
  readonly stopping: AbortController;
  /** Undefined until the first frame was drawn. */
  output: MediaStreamTrack | undefined;
}

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
  const running = new Set<Run>();
  const stop = (): void => {
    for (const { watch, stopping } of running) {
      watch.stop();
      stopping.abort();
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
      const run: Run = { watch, stopping: new AbortController(), output: undefined };
      running.add(run);
      const end = (): boolean => {
        watch.stop();

        return running.delete(run);
      };
      const open = canDrawFrames() ? drawFrames : drawOnCanvas;
      try {
        run.output = await open({
          track,
          draw,
          signal: run.stopping.signal,
          onFrame: () => watch.count(),
          onEnd: (error) => {
            // What has been stopped, here or by whoever took its track, may fail as it likes.
            if (end() && error !== undefined && run.output?.readyState === 'live') {
              listener.onError(error);
            }
          },
        });
      } catch (error) {
        end();
        run.stopping.abort();
        throw error;
      }
      // They go on until whoever has their track goes over to this one, which ends them.
      before.forEach((each) => each.watch.stop());

      return run.output;
    },
    stop,
  };
}
