import type { LocalVideoStream, RemoteVideoStream, ScalingMode, VideoRenderer } from '@parley/calling';

/** Any stream that can be seen. */
export type VideoStream = LocalVideoStream | RemoteVideoStream;

/** What one element of the page shows: one stream or, until that has its first frame, the one before. */
export class Picture {
  #scalingMode: ScalingMode = 'Crop';
  /** Aborted when something else is to be shown. */
  #wanted = new AbortController();
  #renderer: VideoRenderer | undefined;

  /** Resolves with the first frame, or when something else is to be shown. @throws What `stream.render()` rejects with. */
  async show(stream: VideoStream, target: HTMLElement): Promise<void> {
    this.#wanted.abort();
    const { signal } = (this.#wanted = new AbortController());
    if ('isAvailable' in stream && !stream.isAvailable) {
      // Nobody can say when there will be something to see.
      this.#replace(undefined);
    }
    // StrictMode takes it back at once, and then nothing is asked of the server.
    await Promise.resolve();
    try {
      signal.throwIfAborted();
      // The element is turned round, not the picture: that takes hold at once, of the picture that is there.
      const renderer = await stream.render(target, this.#scalingMode, { signal, isMirrored: false });
      if (signal.aborted) {
        renderer.dispose();
      } else {
        this.#replace(renderer);
        renderer.setScalingMode(this.#scalingMode);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#replace(undefined);
        throw error;
      }
    }
  }

  setScalingMode(scalingMode: ScalingMode): void {
    this.#scalingMode = scalingMode;
    this.#renderer?.setScalingMode(scalingMode);
  }

  /** Shows nothing any more. */
  clear(): void {
    this.#wanted.abort();
    this.#replace(undefined);
  }

  #replace(renderer: VideoRenderer | undefined): void {
    this.#renderer?.dispose();
    this.#renderer = renderer;
  }
}
