import { CallError } from '../errors.ts';
import type { RemoteVideoRenderer } from './renderingTypes.ts';
import type { VideoViewOptions } from './VideoView.ts';
import { ViewRenderer } from './ViewRenderer.ts';

interface RemoteViewRendererOptions extends VideoViewOptions {
  onDisposed: () => void;
  /** Has the stream stop or start to flow, as its renderers together need it. */
  onPausedChanged: () => Promise<void>;
}

export class RemoteViewRenderer extends ViewRenderer implements RemoteVideoRenderer {
  readonly #onPausedChanged: () => Promise<void>;

  constructor(options: RemoteViewRendererOptions) {
    super(options);
    this.#onPausedChanged = options.onPausedChanged;
  }

  async pause(): Promise<void> {
    this.#assertNotDisposed();
    if (!this.isPaused) {
      this.view.pause();
      this.setPhase('paused');
      await this.#onPausedChanged();
    }
  }

  async resume(): Promise<void> {
    this.#assertNotDisposed();
    if (this.isPaused) {
      this.view.resume();
      this.setPhase('rendering');
      await this.#onPausedChanged();
    }
  }

  #assertNotDisposed(): void {
    if (this.isDisposed) {
      throw new CallError('invalid_state', 'The renderer was disposed.');
    }
  }
}
