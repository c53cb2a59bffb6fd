import { SerialQueue } from '@parley/kit';
import { CallError } from '../errors.ts';
import type { Subscribe, Subscription } from './Subscription.ts';

/** How much of a stream is needed: not at all, frozen for the moment, or playing. */
export type Need = 'nothing' | 'paused' | 'playing';

interface ConsumptionOptions {
  subscribe: Subscribe;
  need: () => Need;
  onStreamChanged: () => void;
  /** The server did not let the stream flow or pause. */
  onFailed: () => void;
}

/**
 * Receives one remote stream as far as it is needed. Each step asks anew what is needed at its turn, so that a
 * quick render, dispose and render again ends in one subscription.
 */
export class Consumption {
  readonly #options: ConsumptionOptions;
  readonly #queue = new SerialQueue('consumption');
  #subscription: Subscription | undefined;
  #flowing = false;
  #gone = false;

  constructor(options: ConsumptionOptions) {
    this.#options = options;
  }

  get stream(): MediaStream | undefined {
    return this.#subscription?.stream;
  }

  /** Brings what is received in line with what is needed. */
  update(): Promise<void> {
    return this.#queue.push(() => this.#reconcile());
  }

  /** The sender has ended the stream. */
  end(): void {
    this.#gone = true;
    this.#subscription?.closedByServer();
    this.#forget();
  }

  async #reconcile(): Promise<void> {
    if (this.#options.need() === 'nothing' || this.#gone) {
      this.#subscription?.close();
      this.#forget();

      return;
    }
    if (this.#subscription === undefined) {
      const subscription = await this.#options.subscribe();
      if (this.#gone) {
        subscription.closedByServer();
        throw new CallError('not_found', 'The stream is no longer there.');
      }
      this.#subscription = subscription;
      this.#options.onStreamChanged();
    }
    this.#setFlowing(this.#subscription, this.#options.need() === 'playing');
  }

  /** Not waited for: the first frame often comes before the server's answer. */
  #setFlowing(subscription: Subscription, flowing: boolean): void {
    if (this.#flowing !== flowing) {
      this.#flowing = flowing;
      const told = flowing ? subscription.resume() : subscription.pause();
      told.catch(() => this.#options.onFailed());
    }
  }

  #forget(): void {
    if (this.#subscription !== undefined) {
      this.#subscription = undefined;
      this.#flowing = false;
      this.#options.onStreamChanged();
    }
  }
}
