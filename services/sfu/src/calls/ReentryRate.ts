import { TokenBuckets, type Clock } from '@parley/kit';
import { tooManyRequests, type Identity } from '@parley/protocol';

/** As many minutes' entrances may come at once: somebody opens the room in all of their tabs. */
const burstMinutes = 4;

/** Users who enter within the minutes of a burst. */
const maxUsers = 10_000;

/**
 * How often one user may enter one call anew, with all of their devices: everybody is told that they come, and that they
 * go. Who comes back to a place that is kept does not enter anew.
 */
export class ReentryRate {
  readonly #perSecond: number;
  readonly #buckets: TokenBuckets;

  constructor(perMinute: number, clock: Clock) {
    this.#perSecond = perMinute / 60;
    this.#buckets = new TokenBuckets({ burstSeconds: 60 * burstMinutes, max: maxUsers, clock });
  }

  /** Throws `too_many_requests` with the time to wait. */
  require({ userId }: Pick<Identity, 'userId'>): void {
    const waitSeconds = this.#buckets.take(userId, this.#perSecond);
    if (waitSeconds > 0) {
      throw tooManyRequests(waitSeconds, 'This user has entered the call too often.');
    }
  }
}
