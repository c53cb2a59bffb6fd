import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import { RemoteViewRenderer } from '../rendering/RemoteViewRenderer.ts';
import type { RemoteVideoRenderer, RenderOptions, ScalingMode } from '../rendering/renderingTypes.ts';
import { showFirstFrame } from '../rendering/showFirstFrame.ts';
import { assertRenderArguments } from '../rendering/VideoView.ts';
import { Consumption, type Need } from './Consumption.ts';
import type { MediaStreamType, RemoteVideoStream, RemoteVideoStreamEvents } from './streamTypes.ts';
import type { Subscribe } from './Subscription.ts';

interface RemoteVideoStreamOptions {
  id: string;
  type: MediaStreamType;
  isAvailable: boolean;
  subscribe: Subscribe;
}

export class RemoteVideoStreamImpl extends EventSource<RemoteVideoStreamEvents> implements RemoteVideoStream {
  readonly id: string;
  readonly type: MediaStreamType;
  readonly #consumption: Consumption;
  /** Those waiting for their first frame among them. */
  readonly #renderers = new Set<RemoteViewRenderer>();
  #activeRenderers: readonly RemoteVideoRenderer[] = [];
  #availability: 'available' | 'unavailable' | 'gone';

  constructor(options: RemoteVideoStreamOptions) {
    super();
    this.id = options.id;
    this.type = options.type;
    this.#availability = options.isAvailable ? 'available' : 'unavailable';
    this.#consumption = new Consumption({
      subscribe: options.subscribe,
      need: () => this.#need(),
      onStreamChanged: () => this.emit('mediaStreamChanged'),
      onFailed: () => this.#disposeRenderers(),
    });
  }

  get isAvailable(): boolean {
    return this.#availability === 'available';
  }

  get activeRenderers(): readonly RemoteVideoRenderer[] {
    return this.#activeRenderers;
  }

  get mediaStream(): MediaStream | undefined {
    return this.#consumption.stream;
  }

  render(
    target: HTMLElement,
    scalingMode: ScalingMode = 'Crop',
    options: RenderOptions = {},
  ): Promise<RemoteVideoRenderer> {
    const rendered = this.#render(target, scalingMode, options);
    // People come and go: an application that does not look at the outcome is not bothered with a rejection.
    rendered.catch(() => {});

    return rendered;
  }

  setAvailable(isAvailable: boolean): void {
    this.#setAvailability(isAvailable ? 'available' : 'unavailable');
  }

  /** Its sender has ended it, or has left. Idempotent. */
  end(): void {
    if (this.#availability === 'gone') {
      return;
    }
    this.#consumption.end();
    this.#setAvailability('gone');
    this.#disposeRenderers();
  }

  async #render(
    target: HTMLElement,
    scalingMode: ScalingMode,
    options: RenderOptions,
  ): Promise<RemoteVideoRenderer> {
    assertRenderArguments(target, scalingMode);
    if (this.#availability === 'gone') {
      throw new CallError('not_found', 'The stream is no longer there.');
    }
    const renderer = new RemoteViewRenderer({
      target,
      scalingMode,
      mirrored: false,
      onDisposed: () => this.#remove(renderer),
      onPausedChanged: () => this.#consumption.update(),
    });
    this.#renderers.add(renderer);
    await showFirstFrame(renderer, () => this.#show(renderer), options);
    this.#updateActive([...this.#activeRenderers, renderer]);

    return renderer;
  }

  async #show(renderer: RemoteViewRenderer): Promise<void> {
    await this.#consumption.update();
    const stream = this.mediaStream;
    if (stream === undefined) {
      throw new CallError('not_found', 'The stream is no longer there.');
    }
    await renderer.show(stream);
  }

  #need(): Need {
    if (this.#renderers.size === 0) {
      return 'nothing';
    }

    return [...this.#renderers].every((renderer) => renderer.isPaused) ? 'paused' : 'playing';
  }

  #disposeRenderers(): void {
    for (const renderer of this.#renderers) {
      renderer.dispose();
    }
  }

  #remove(renderer: RemoteViewRenderer): void {
    this.#renderers.delete(renderer);
    if (this.#activeRenderers.includes(renderer)) {
      this.#updateActive(this.#activeRenderers.filter((active) => active !== renderer));
    }
    // What cannot be ended on the server now ends with the connection.
    this.#consumption.update().catch(() => {});
  }

  #updateActive(renderers: readonly RemoteVideoRenderer[]): void {
    const before = this.#activeRenderers;
    this.#activeRenderers = renderers;
    const update = {
      added: renderers.filter((renderer) => !before.includes(renderer)),
      removed: before.filter((renderer) => !renderers.includes(renderer)),
    };
    this.emit('activeRenderersUpdated', update);
    this.emit('activeRenderersChanged', update);
  }

  #setAvailability(availability: 'available' | 'unavailable' | 'gone'): void {
    const before = this.isAvailable;
    this.#availability = availability;
    if (before !== this.isAvailable) {
      this.emit('isAvailableChanged');
      this.emit('availabilityChanged');
    }
  }
}
