import type { Clock } from './clock.ts';

export interface TokenBucketOptions {
  /** What may be taken at once. */
  readonly capacity: number;
  /** What may go on being taken. */
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

  /**
   * Takes as many tokens and answers 0, or takes none and answers the seconds until there are so many. Who asks for
   * more than the bucket holds is given it when it is full.
   */
  take(tokens = 1): number {
    const wanted = Math.min(tokens, this.#options.capacity);
    const { capacity, perSecond, clock } = this.#options;
    const nowMs = clock.now();
    const earned = (Math.max(0, nowMs - this.#filledAtMs) / 1000) * perSecond;
    this.#tokens = Math.min(capacity, this.#tokens + earned);
    this.#filledAtMs = nowMs;
    if (this.#tokens < wanted) {
      return (wanted - this.#tokens) / perSecond;
    }
    this.#tokens -= wanted;

    return 0;
  }
}
