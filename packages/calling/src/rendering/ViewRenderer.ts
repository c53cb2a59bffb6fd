import { EventSource } from '../events.ts';
import type { ScalingMode, VideoRenderer, VideoRendererEvents } from './renderingTypes.ts';
import { assertScalingMode, VideoView, type VideoViewOptions } from './VideoView.ts';

/** The part that renderers of any stream share: a view, whether it shows, and telling its owner of the end. */
export class ViewRenderer extends EventSource<VideoRendererEvents> implements VideoRenderer {
  protected readonly view: VideoView;
  readonly #onDisposed: () => void;
  #phase: 'waiting' | 'rendering' | 'paused' | 'disposed' = 'waiting';

  constructor(options: VideoViewOptions & { onDisposed: () => void }) {
    super();
    this.view = new VideoView(options);
    this.#onDisposed = options.onDisposed;
  }

  get isRendering(): boolean {
    return this.#phase === 'rendering';
  }

  get isDisposed(): boolean {
    return this.#phase === 'disposed';
  }

  get isPaused(): boolean {
    return this.#phase === 'paused';
  }

  /** For the first frame. */
  get isWaiting(): boolean {
    return this.#phase === 'waiting';
  }

  get scalingMode(): ScalingMode {
    return this.view.scalingMode;
  }

  get target(): HTMLElement {
    return this.view.target;
  }

  setScalingMode(scalingMode: ScalingMode): void {
    assertScalingMode(scalingMode);
    if (scalingMode !== this.view.scalingMode) {
      this.view.scalingMode = scalingMode;
      this.emit('scalingModeChanged');
    }
  }

  /** Resolves with the first frame. */
  async show(stream: MediaStream): Promise<void> {
    await this.view.show(stream);
    this.setPhase('rendering');
  }

  /** Goes on with another stream. */
  setStream(stream: MediaStream | null): void {
    this.view.setStream(stream);
    if (this.isPaused) {
      // A new source would play by itself (HTML standard, media element load algorithm).
      this.view.pause();
    }
  }

  dispose(): void {
    if (!this.isDisposed) {
      this.view.dispose();
      this.setPhase('disposed');
      this.#onDisposed();
    }
  }

  protected setPhase(phase: 'waiting' | 'rendering' | 'paused' | 'disposed'): void {
    const before = this.isRendering;
    if (!this.isDisposed) {
      this.#phase = phase;
    }
    if (before !== this.isRendering) {
      this.emit('isRenderingChanged');
    }
  }
}
