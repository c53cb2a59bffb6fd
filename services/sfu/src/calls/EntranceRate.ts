import { TokenBucket, type Clock } from '@parley/kit';
import { tooManyRequests } from '@parley/protocol';

/** Seconds of the rate that may be spent at once. */
const burstSeconds = 2;

/**
 * How fast one call may be entered: a crowd at its door keeps nobody from another. It is asked once somebody is known to
 * be let in, so that those who are not, as many as they are, keep nobody out who is.
 */
export class EntranceRate {
  readonly #bucket: TokenBucket;

  constructor(perSecond: number, clock: Clock) {
    this.#bucket = new TokenBucket({ capacity: perSecond * burstSeconds, perSecond, clock });
  }

  /** Throws `too_many_requests` with the time to wait. */
  require(): void {
    const waitSeconds = this.#bucket.take();
    if (waitSeconds > 0) {
      throw tooManyRequests(waitSeconds, 'Too many are entering the call at once.');
    }
  }
}
