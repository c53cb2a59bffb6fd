import { CallError } from '../errors.ts';
import type { Viewport } from '../streams/Subscription.ts';
import type { RemoteVideoRenderer } from './renderingTypes.ts';
import { SightWatch } from './SightWatch.ts';
import type { VideoViewOptions } from './VideoView.ts';
import { ViewRenderer } from './ViewRenderer.ts';

interface RemoteViewRendererOptions extends VideoViewOptions {
  onDisposed: () => void;
  /** What the renderer needs of the stream is different from before. */
  onNeedChanged: () => void;
}

/** What one renderer needs of its stream: `paused` by the application, or `hidden` from the person's sight. */
export type ViewNeed = 'playing' | 'hidden' | 'paused';

export class RemoteViewRenderer extends ViewRenderer implements RemoteVideoRenderer {
  readonly #onNeedChanged: () => void;
  readonly #sight: SightWatch;

  constructor(options: RemoteViewRendererOptions) {
    super({
      ...options,
      onDisposed: () => {
        this.#sight.stop();
        options.onDisposed();
      },
    });
    this.#onNeedChanged = options.onNeedChanged;
    this.#sight = new SightWatch(options.target, options.onNeedChanged);
  }

  get need(): ViewNeed {
    if (this.isPaused) {
      return 'paused';
    }

    // Whoever has asked for a picture is promised its first frame, wherever it is.
    return this.isWaiting || this.#sight.sight.isVisible ? 'playing' : 'hidden';
  }

  /** Undefined while the picture has no size. */
  get viewport(): Viewport | undefined {
    return this.#sight.sight.viewport;
  }

  override async show(stream: MediaStream): Promise<void> {
    await super.show(stream);
    this.#onNeedChanged();
  }

  async pause(): Promise<void> {
    this.#assertNotDisposed();
    if (!this.isPaused) {
      this.view.pause();
      this.setPhase('paused');
      this.#onNeedChanged();
    }
  }

  async resume(): Promise<void> {
    this.#assertNotDisposed();
    if (this.isPaused) {
      this.view.resume();
      this.setPhase('rendering');
      this.#onNeedChanged();
    }
  }

  #assertNotDisposed(): void {
    if (this.isDisposed) {
      throw new CallError('invalid_state', 'The renderer was disposed.');
    }
  }
}
