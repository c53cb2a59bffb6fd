import type { Clock, Timer } from '@parley/kit';
import type { types } from 'mediasoup';
import type { Layers } from './layerFor.ts';

/** A window that is being dragged to another size has many sizes. */
const debounceMs = 100;

/** mediasoup's own, of a consumer that was never told another. */
const initialPriority = 1;

/** One picture on its way to one client: which layers of it the worker is to send, and how early it gets its share. */
export class ForwardedPicture {
  readonly consumer: types.Consumer;
  readonly #clock: Clock;
  #layers: Layers | undefined;
  #asked: Layers | undefined;
  #priority = initialPriority;
  #debounce: Timer | undefined;

  constructor(consumer: types.Consumer, clock: Clock) {
    this.consumer = consumer;
    this.#clock = clock;
  }

  /** What it is to be sent in, when the bandwidth suffices. */
  get layers(): Layers | undefined {
    return this.#layers;
  }

  get priority(): number {
    return this.#priority;
  }

  /** The first time at once, then when the size has stayed the same for a moment. */
  setLayers(layers: Layers): void {
    this.#layers = layers;
    this.#debounce?.cancel();
    if (this.#asked === undefined) {
      this.#ask();
    } else {
      this.#debounce = this.#clock.schedule(debounceMs, () => this.#ask());
    }
  }

  setPriority(priority: number): void {
    if (priority !== this.#priority) {
      this.#priority = priority;
      this.consumer.setPriority(priority).catch(() => {});
    }
  }

  close(): void {
    this.#debounce?.cancel();
  }

  #ask(): void {
    const layers = this.#layers;
    const isAsked =
      layers?.spatialLayer === this.#asked?.spatialLayer &&
      layers?.temporalLayer === this.#asked?.temporalLayer;
    if (layers !== undefined && !isAsked) {
      this.#asked = layers;
      // It fails when the consumer is gone, as it may be at any time.
      this.consumer.setPreferredLayers(layers).catch(() => {});
    }
  }
}
