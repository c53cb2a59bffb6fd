import { TokenBuckets, type Clock } from '@parley/kit';
import { tooManyRequests } from '@parley/protocol';

/** Pairs of a caller and a callee who ring within a minute. */
const maxPairs = 100_000;

export interface RingRateOptions {
  /** All of which may come at once. */
  readonly perMinute: number;
  readonly clock: Clock;
}

/** How often one user may ring another: whose devices ring on and on cannot use them. */
export class RingRate {
  readonly #options: RingRateOptions;
  readonly #buckets: TokenBuckets;

  constructor(options: RingRateOptions) {
    this.#options = options;
    this.#buckets = new TokenBuckets({ burstSeconds: 60, max: maxPairs, clock: options.clock });
  }

  /** Throws `too_many_requests` with the time to wait. */
  require(applicationId: string, callerId: string, calleeId: string): void {
    const pair = JSON.stringify([applicationId, callerId, calleeId]);
    const waitSeconds = this.#buckets.take(pair, this.#options.perMinute / 60);
    if (waitSeconds > 0) {
      throw tooManyRequests(waitSeconds, 'This user was rung too often.');
    }
  }
}
