import { createDeferred, type Clock } from '@parley/kit';
import type { ForwardingRule } from '@parley/protocol';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { IncomingMedia } from '../media/MediaPort.ts';
import { RemoteViewRenderer } from '../rendering/RemoteViewRenderer.ts';
import type { RemoteVideoRenderer, RenderOptions, ScalingMode } from '../rendering/renderingTypes.ts';
import { showFirstFrame } from '../rendering/showFirstFrame.ts';
import { isSameViewport } from '../rendering/SightWatch.ts';
import { snapshotOf } from '../rendering/snapshotOf.ts';
import { assertRenderArguments } from '../rendering/VideoView.ts';
import { Consumption } from './Consumption.ts';
import { demandOf } from './demand.ts';
import type { MediaStreamType, RemoteVideoStream, RemoteVideoStreamEvents } from './streamTypes.ts';
import type { Subscribe, Viewport } from './Subscription.ts';

/** The most that the protocol takes: the largest layer there is. */
const largest: Viewport = { width: 16_384, height: 16_384 };

interface RemoteVideoStreamOptions {
  id: string;
  type: MediaStreamType;
  isAvailable: boolean;
  subscribe: Subscribe;
  rulesOff: ReadonlySet<ForwardingRule>;
  clock: Clock;
}

export class RemoteVideoStreamImpl extends EventSource<RemoteVideoStreamEvents> implements RemoteVideoStream {
  readonly id: string;
  readonly type: MediaStreamType;
  readonly #consumption: Consumption;
  /** Those waiting for their first frame among them. */
  readonly #renderers = new Set<RemoteViewRenderer>();
  /** Of who takes the raw media: as large as it is sent, wherever it is shown. */
  readonly #takers = new Set<{ need: 'playing'; viewport: Viewport }>();
  /** Rejects when the stream is over. */
  readonly #over = createDeferred<never>();
  /** `isReceiving` as it was told last. */
  #toldReceiving = false;
  #size: Viewport | undefined;
  #activeRenderers: readonly RemoteVideoRenderer[] = [];
  #availability: 'available' | 'unavailable' | 'gone';

  constructor(options: RemoteVideoStreamOptions) {
    super();
    this.id = options.id;
    this.type = options.type;
    this.#availability = options.isAvailable ? 'available' : 'unavailable';
    this.#over.promise.catch(() => {});
    const { subscribe, rulesOff, clock } = options;
    this.#consumption = new Consumption({
      subscribe,
      rulesOff,
      clock,
      demand: () => demandOf([...this.#renderers, ...this.#takers], rulesOff),
      onStreamChanged: () => this.#onStreamChanged(),
    });
  }

  get mediaStreamType(): MediaStreamType {
    return this.type;
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

  get isReceiving(): boolean {
    return this.mediaStream !== undefined;
  }

  /** What carries it while it is wanted. */
  get flowing(): IncomingMedia | undefined {
    return this.isAvailable ? this.#consumption.flowing : undefined;
  }

  get size(): Viewport | undefined {
    return this.#size;
  }

  getMediaStream({ signal }: { signal?: AbortSignal } = {}): Promise<MediaStream> {
    const taken = this.#take(signal);
    // As with render().
    taken.catch(() => {});

    return taken;
  }

  async takeSnapshot(): Promise<ImageBitmap> {
    const taking = new AbortController();
    try {
      const stream = await this.getMediaStream(taking);

      return await snapshotOf(stream, this.#over.promise, (show) =>
        this.on('mediaStreamChanged', () => this.mediaStream !== undefined && show(this.mediaStream)),
      );
    } finally {
      taking.abort();
    }
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
    this.#takers.clear();
    this.#over.reject(new CallError('not_found', 'The stream is no longer there.'));
    this.#setAvailability('gone');
    this.#disposeRenderers();
  }

  async #take(signal: AbortSignal | undefined): Promise<MediaStream> {
    signal?.throwIfAborted();
    if (this.#availability === 'gone') {
      throw new CallError('not_found', 'The stream is no longer there.');
    }
    const taker = { need: 'playing', viewport: largest } as const;
    const givenUp = createDeferred<never>();
    this.#takers.add(taker);
    signal?.addEventListener(
      'abort',
      () => {
        this.#takers.delete(taker);
        this.#consumption.update();
        givenUp.reject(signal.reason);
      },
      { once: true },
    );
    givenUp.promise.catch(() => {});
    this.#consumption.update();
    try {
      return await Promise.race([this.#consumption.arrival(), givenUp.promise]);
    } catch (error) {
      this.#takers.delete(taker);
      throw error;
    }
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
      mirrored: options.isMirrored ?? false,
      onDisposed: () => this.#remove(renderer),
      onNeedChanged: () => this.#consumption.update(),
      onSize: (size) => this.#setSize(size),
    });
    this.#renderers.add(renderer);
    await showFirstFrame(renderer, () => this.#show(renderer), options);
    this.#updateActive([...this.#activeRenderers, renderer]);

    return renderer;
  }

  async #show(renderer: RemoteViewRenderer): Promise<void> {
    this.#consumption.update();
    await renderer.show(await this.#consumption.arrival());
  }

  /** Where it is shown already it goes on by itself; until another stream is there, the last picture stays. */
  #onStreamChanged(): void {
    const stream = this.mediaStream;
    if (stream !== undefined) {
      for (const renderer of this.#renderers) {
        renderer.setStream(stream);
      }
    }
    this.emit('mediaStreamChanged');
    const { isReceiving } = this;
    if (isReceiving !== this.#toldReceiving) {
      this.#toldReceiving = isReceiving;
      this.emit('isReceivingChanged');
    }
  }

  /** Whichever tells it: they all show the same. */
  #setSize(size: Viewport | undefined): void {
    if (!isSameViewport(size, this.#size)) {
      this.#size = size;
      this.emit('sizeChanged');
    }
  }

  #disposeRenderers(): void {
    for (const renderer of this.#renderers) {
      renderer.dispose();
    }
  }

  #remove(renderer: RemoteViewRenderer): void {
    this.#renderers.delete(renderer);
    if (this.#renderers.size === 0) {
      this.#setSize(undefined);
    }
    if (this.#activeRenderers.includes(renderer)) {
      this.#updateActive(this.#activeRenderers.filter((active) => active !== renderer));
    }
    this.#consumption.update();
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
