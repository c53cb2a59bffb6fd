import { TokenBucket, TokenBuckets, type Clock } from '@parley/kit';
import { tooManyRequests } from '@parley/protocol';
import type { Participant } from './Participant.ts';

/** Seconds of the rate that may be spent at once. */
const burstSeconds = 4;

/** What one user may spend of it, so that nobody alone silences all others. */
const userShare = 0.1;

/** Users who do something within the seconds of a burst. */
const maxUsers = 10_000;

/** Bytes that everybody may be sent for one unit. */
const unitBytes = 512;

export interface CallRateOptions {
  /** Units a second, of which an action costs one, or one for each 512 bytes that everybody is sent of it. */
  readonly perSecond: number;
  readonly clock: Clock;
}

/** How much the people in one call may do that everybody is told of: each of it costs as many messages as they are. */
export class CallRate {
  readonly #options: CallRateOptions;
  readonly #bucket: TokenBucket;
  readonly #ofUsers: TokenBuckets;

  constructor(options: CallRateOptions) {
    const { perSecond, clock } = options;
    this.#options = options;
    this.#bucket = new TokenBucket({ capacity: perSecond * burstSeconds, perSecond, clock });
    this.#ofUsers = new TokenBuckets({ burstSeconds, max: maxUsers, clock });
  }

  /** Throws `too_many_requests` with the time to wait. */
  require({ identity }: Participant, units = 1): void {
    const ofUser = this.#ofUsers.take(identity.userId, this.#options.perSecond * userShare, units);
    const waitSeconds = ofUser || this.#bucket.take(units);
    if (waitSeconds > 0) {
      throw tooManyRequests(waitSeconds, 'Too much is going on in the call.');
    }
  }

  /** Of something whose text or data everybody is sent. Throws as `require`. */
  requireFor(participant: Participant, told: unknown): void {
    this.require(participant, Math.ceil(Buffer.byteLength(JSON.stringify(told)) / unitBytes));
  }
}
