import { TokenBucket, TokenBuckets, type Clock } from '@parley/kit';
import { tooManyRequests } from '@parley/protocol';
import type { Participant } from './Participant.ts';

/** Seconds of the rate that may be spent at once. */
const burstSeconds = 4;

/** What one user may spend of it, so that nobody alone silences all others. */
const userShare = 0.1;

/**
 * The most of what they may do at once that a user pays for what is made for each: of a call as large as may be they
 * would never have enough beside what they pay for the rest.
 */
const mostOfUserBurst = 0.5;

/** Users who do something within the seconds of a burst. */
const maxUsers = 10_000;

/** Bytes that everybody may be sent for one unit. */
const unitBytes = 512;

/** People whom one user may tell for one unit: in a call of more the same costs them more, as it does the process. */
const unitAudience = 50;

export interface CallRateOptions {
  /**
   * Units a second, of which an action costs one, one for each 512 bytes that everybody is sent of it, or one for each
   * for whom something is made.
   */
  readonly perSecond: number;
  /** How many there are who are told. */
  readonly audience: () => number;
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
    this.#take(identity.userId, this.#ofUser(units), units);
  }

  /** Of something whose text or data everybody is sent. Throws as `require`. */
  requireFor(participant: Participant, told: unknown): void {
    this.require(participant, Math.ceil(Buffer.byteLength(JSON.stringify(told)) / unitBytes));
  }

  /**
   * Of something that is made for each of an audience, whom it costs the worker more than to be told. Throws as `require`.
   */
  requireForEach({ identity }: Participant, units: number, audience: number): void {
    const most = this.#options.perSecond * userShare * burstSeconds * mostOfUserBurst;
    const alone = this.#ofUser(units);
    this.#take(identity.userId, Math.max(alone, Math.min(alone + audience, most)), units + audience);
  }

  /** What one user pays for telling everybody: all together are held to the rate of the call, however many they are. */
  #ofUser(units: number): number {
    return units * Math.max(1, this.#options.audience() / unitAudience);
  }

  #take(userId: string, ofUser: number, ofCall: number): void {
    const waitSeconds =
      this.#ofUsers.take(userId, this.#options.perSecond * userShare, ofUser) || this.#bucket.take(ofCall);
    if (waitSeconds > 0) {
      throw tooManyRequests(waitSeconds, 'Too much is going on in the call.');
    }
  }
}
