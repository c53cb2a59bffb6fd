import { CallError } from '../errors.ts';
import type { LocalVideoStream, RemoteVideoStream } from '../streams/streamTypes.ts';
import type { CreateViewOptions, VideoStreamRendererView } from './releasedTypes.ts';

/**
 * Shows a stream in elements that it makes itself.
 *
 * @example
 * const view = await new VideoStreamRenderer(participant.videoStreams[0]).createView({ scalingMode: 'Fit' });
 * document.querySelector('#alice').append(view.target);
 */
export class VideoStreamRenderer {
  readonly #stream: LocalVideoStream | RemoteVideoStream;
  readonly #disposed = new AbortController();
  readonly #views = new Set<VideoStreamRendererView>();

  /** @throws TypeError for what is no stream of a call. */
  constructor(stream: LocalVideoStream | RemoteVideoStream) {
    if (typeof stream?.render !== 'function') {
      throw new TypeError('A VideoStreamRenderer takes a stream of a call.');
    }
    this.#stream = stream;
  }

  /**
   * One more view of the stream, as soon as its first frame is there. It is disposed when the stream ends.
   * @throws TypeError for anything but a scaling mode.
   * @throws CallError as `render()` of the stream does, and `invalid_state` after `dispose()`, or when that is called meanwhile.
   */
  async createView({ scalingMode, isMirrored }: CreateViewOptions = {}): Promise<VideoStreamRendererView> {
    const { signal } = this.#disposed;
    signal.throwIfAborted();
    const stream = this.#stream;
    // What has no camera is the application's own, and may be something to be read.
    const isOwnCamera = 'source' in stream && stream.type === 'Video' && stream.source !== undefined;
    const isTurned = isMirrored ?? isOwnCamera;
    const target = document.createElement('div');
    Object.assign(target.style, { width: '100%', height: '100%' });
    const renderer = await stream.render(target, scalingMode, { signal, isMirrored: isTurned });
    const dispose = renderer.dispose.bind(renderer);
    const view = Object.assign(renderer, {
      isMirrored: isTurned,
      updateScalingMode: async (mode: VideoStreamRendererView['scalingMode']) =>
        renderer.setScalingMode(mode),
      dispose: () => {
        dispose();
        target.remove();
        this.#views.delete(view);
      },
    });
    this.#views.add(view);

    return view;
  }

  /** Disposes every view, also those that are still being made. May be called more than once. */
  dispose(): void {
    this.#disposed.abort(new CallError('invalid_state', 'The renderer was disposed.'));
    for (const view of this.#views) {
      view.dispose();
    }
  }
}
