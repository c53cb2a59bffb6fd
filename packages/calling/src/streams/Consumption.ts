import { createDeferred, exponentialBackoff, type Clock, type Deferred, type Timer } from '@parley/kit';
import type { ForwardingRule } from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { IncomingMedia } from '../media/MediaPort.ts';
import { isSameViewport } from '../rendering/SightWatch.ts';
import type { Demand } from './demand.ts';
import type { Subscribe, Subscription, Viewport } from './Subscription.ts';

/** Somebody who scrolls past, or turns a picture larger and smaller, is not followed at every step. */
const settleMs = 100;

/** Out of sight for so long, a picture is given up: even a paused consumer costs the server every packet. */
const closeHiddenMs = 10_000;

/** Pauses before a picture that was refused for the moment is asked for again. */
const againPolicy = exponentialBackoff({
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 2_000,
  maxDelayMs: 30_000,
});

interface ConsumptionOptions {
  subscribe: Subscribe;
  demand: () => Demand;
  rulesOff: ReadonlySet<ForwardingRule>;
  clock: Clock;
  onStreamChanged: () => void;
}

/**
 * Receives one remote stream as far as it is needed. What is asked for within one turn of the event loop counts as
 * one, so that a quick dispose and render again changes nothing.
 */
export class Consumption {
  readonly #options: ConsumptionOptions;
  #phase: 'idle' | 'updating' | 'gone' = 'idle';
  #subscription: Subscription | undefined;
  #arrival: Deferred<MediaStream> | undefined;
  /** What begins when a picture goes out of sight. */
  #hiding: Timer | undefined;
  #resizing: Timer | undefined;
  /** Set while a picture that was refused waits to be asked for again. */
  #retrying: Timer | undefined;
  /** Refusals since something was last received. */
  #failures = 0;
  #viewport: Viewport | undefined;

  constructor(options: ConsumptionOptions) {
    this.#options = options;
    this.update();
  }

  /** Undefined while nothing is received. */
  get stream(): MediaStream | undefined {
    return this.#subscription?.stream;
  }

  /** What is wanted and being sent. */
  get flowing(): IncomingMedia | undefined {
    return this.#subscription?.flowing;
  }

  /** Brings what is received in line with what is needed. */
  update(): void {
    if (this.#phase === 'idle') {
      this.#phase = 'updating';
      queueMicrotask(() => {
        if (this.#phase === 'updating') {
          this.#phase = 'idle';
          this.#follow();
        }
      });
    }
  }

  /** Resolves with the stream once it is received. */
  async arrival(): Promise<MediaStream> {
    if (this.stream !== undefined) {
      return this.stream;
    }
    if (this.#phase === 'gone') {
      throw gone();
    }
    this.#arrival ??= createDeferred();

    return this.#arrival.promise;
  }

  /** The sender has ended the stream. */
  end(): void {
    this.#phase = 'gone';
    const subscription = this.#subscription;
    this.#forget();
    subscription?.closedByServer();
    this.#arrival?.reject(gone());
  }

  #follow(): void {
    const { need, viewport } = this.#options.demand();
    if (need !== 'nothing' && this.#retrying !== undefined) {
      return;
    }
    if (need !== 'hidden') {
      this.#hiding?.cancel();
      this.#hiding = undefined;
    }
    switch (need) {
      case 'nothing': {
        this.#close();
        break;
      }
      case 'paused': {
        this.#open().setFlowing(false);
        break;
      }
      case 'hidden': {
        this.#hide();
        break;
      }
      case 'playing': {
        const subscription = this.#open();
        this.#resize(viewport);
        subscription.setFlowing(true);
        break;
      }
    }
  }

  #open(): Subscription {
    this.#subscription ??= this.#options.subscribe({
      onStreamChanged: () => this.#onStreamChanged(),
      onFailed: (error) => this.#fail(error),
    });

    return this.#subscription;
  }

  #hide(): void {
    const { clock, rulesOff } = this.#options;
    if (rulesOff.has('consumeOnRender')) {
      this.#open();
    }
    if (this.#subscription === undefined) {
      return;
    }
    this.#hiding ??= clock.schedule(settleMs, () => {
      this.#subscription?.setFlowing(false);
      if (!rulesOff.has('consumeOnRender')) {
        this.#hiding = clock.schedule(closeHiddenMs - settleMs, () => this.#close());
      }
    });
  }

  /** The first size is told at once and the next ones when they have settled. */
  #resize(viewport: Viewport | undefined): void {
    if (viewport === undefined || isSameViewport(viewport, this.#viewport)) {
      return;
    }
    if (this.#viewport === undefined) {
      this.#viewport = viewport;
      this.#subscription?.setViewport(viewport);
    } else {
      this.#resizing ??= this.#options.clock.schedule(settleMs, () => {
        this.#resizing = undefined;
        const settled = this.#options.demand().viewport ?? viewport;
        this.#viewport = settled;
        this.#subscription?.setViewport(settled);
      });
    }
  }

  #close(): void {
    const subscription = this.#subscription;
    this.#forget();
    subscription?.close();
  }

  /** A server that is too busy for more pictures may have room for this one later. */
  #fail(error: CallError): void {
    this.#close();
    this.#failures += 1;
    const delayMs = error.isRetryable ? againPolicy(this.#failures + 1) : undefined;
    if (delayMs === undefined) {
      this.#arrival?.reject(error);
      this.#arrival = undefined;
    } else {
      this.#retrying = this.#options.clock.schedule(delayMs, () => {
        this.#retrying = undefined;
        this.#follow();
      });
    }
  }

  #onStreamChanged(): void {
    if (this.stream !== undefined) {
      this.#failures = 0;
      this.#arrival?.resolve(this.stream);
      this.#arrival = undefined;
    }
    this.#options.onStreamChanged();
  }

  #forget(): void {
    this.#hiding?.cancel();
    this.#hiding = undefined;
    this.#resizing?.cancel();
    this.#resizing = undefined;
    this.#retrying?.cancel();
    this.#retrying = undefined;
    this.#viewport = undefined;
    this.#subscription = undefined;
  }
}

function gone(): CallError {
  return new CallError('not_found', 'The stream is no longer there.');
}
