import type { Clock } from '@parley/kit';

export interface TokenBucketOptions {
  /** Requests that may come at once. */
  readonly capacity: number;
  /** Requests that may go on coming. */
  readonly perSecond: number;
  readonly clock: Clock;
}

/** Lets bursts through and holds to a rate in the long run. */
export class TokenBucket {
  readonly #options: TokenBucketOptions;
  #tokens: number;
  #filledAtMs: number;

  constructor(options: TokenBucketOptions) {
    this.#options = options;
    this.#tokens = options.capacity;
    this.#filledAtMs = options.clock.now();
  }

  /** Takes one token and answers 0, or answers the seconds until there is one. */
  take(): number {
    const { capacity, perSecond, clock } = this.#options;
    const nowMs = clock.now();
    const earned = (Math.max(0, nowMs - this.#filledAtMs) / 1000) * perSecond;
    this.#tokens = Math.min(capacity, this.#tokens + earned);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) {
      return (1 - this.#tokens) / perSecond;
    }
    this.#tokens -= 1;

    return 0;
  }
}
