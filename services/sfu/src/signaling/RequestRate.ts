import { TokenBucket, TokenBuckets, type Clock } from '@parley/kit';
import { tooManyRequests, type RequestName } from '@parley/protocol';
import type { RequestCosts } from './requestCosts.ts';

/** Seconds of an application's request rate that may be spent at once, as on entering a large call. */
const burstSeconds = 4;

/** Frames that are no events: heartbeats, and what there is no use for. */
const strays = { capacity: 100, perSecond: 5 };

/**
 * What a user may ask for by all connections together, in rates of one connection: two devices at their busiest, or
 * several as they usually are. Twenty connections are no reason for twenty times as much.
 */
const userFactor = 2;

/** Users who ask for something within the seconds of a burst. */
const maxUsers = 100_000;

/**
 * What may be refused to a user, in units, until nobody can say any more that they listen: a thousand at once, and a few a
 * second in the long run. Of all connections together, or each new one could begin anew.
 */
const refusals = { perSecond: 5, burstSeconds: 200 };

export interface RequestRateOptions {
  readonly perSecond: number;
  /** Whose connection it is, of all users of all applications. */
  readonly user: string;
  /** Those of all connections. */
  readonly userBuckets: UserBuckets;
  readonly costs: RequestCosts;
  readonly clock: Clock;
  /** The client does not slow down. */
  readonly onDeaf: () => void;
}

/** How much each user may ask for, and be refused, by whichever of their connections, also when they connect anew. */
export interface UserBuckets {
  readonly requests: TokenBuckets;
  readonly refusals: TokenBuckets;
}

export function createUserBuckets(clock: Clock): UserBuckets {
  return {
    requests: new TokenBuckets({ burstSeconds, max: maxUsers, clock }),
    refusals: new TokenBuckets({ burstSeconds: refusals.burstSeconds, max: maxUsers, clock }),
  };
}

/** A frame that has come and was not looked into yet. */
export interface UnreadFrame {
  /** What it costs by its size. */
  readonly units: number;
  /** Requests that are under way. */
  readonly pending: number;
  /** Whether its sender waits for an answer. */
  readonly isAnswered: boolean;
}

/** How much the client of one connection may ask for. */
export class RequestRate {
  readonly #options: RequestRateOptions;
  /** Requests that may come at once, and may wait for their turn while the worker is slow. */
  readonly #burst: number;
  readonly #bucket: TokenBucket;
  readonly #ofUser: Pick<TokenBucket, 'take'>;
  readonly #strays: TokenBucket;

  constructor(options: RequestRateOptions) {
    const { perSecond, user, userBuckets, clock } = options;
    this.#options = options;
    this.#burst = perSecond * burstSeconds;
    this.#bucket = new TokenBucket({ capacity: this.#burst, perSecond, clock });
    this.#ofUser = userBuckets.requests.of(user, perSecond * userFactor);
    this.#strays = new TokenBucket({ ...strays, clock });
  }

  /** Of any event that has come, before it is parsed. Throws `too_many_requests`. */
  requireAny({ units, pending, isAnswered }: UnreadFrame): void {
    const waitSeconds = this.#take(units);
    if (waitSeconds > 0 || pending > this.#burst) {
      if (!isAnswered) {
        // Nobody can be told to slow down.
        this.#options.onDeaf();
      }
      this.#refuse(waitSeconds, units);
    }
  }

  /** Of a request that is understood, beyond what everything costs. Throws `too_many_requests`. */
  require(name: RequestName): void {
    // However low the rate is: what costs more than there can be is done when there is as much as can be.
    const cost = Math.min(this.#options.costs[name], this.#burst) - 1;
    const waitSeconds = cost > 0 ? this.#take(cost) : 0;
    if (waitSeconds > 0) {
      this.#refuse(waitSeconds, 1);
    }
  }

  /**
   * A frame came that is no event; a client that goes on connected sends one in some seconds, and never a large one.
   * Answers whether it may be looked at.
   */
  stray(units: number): boolean {
    const isSound = units <= 1 && this.#strays.take() === 0;
    if (!isSound) {
      this.#options.onDeaf();
    }

    return isSound;
  }

  /** Answers the seconds to wait, 0 when it is taken. */
  #take(units: number): number {
    return this.#bucket.take(units) || this.#ofUser.take(units);
  }

  #refuse(waitSeconds: number, units: number): never {
    const { user, userBuckets, onDeaf } = this.#options;
    if (userBuckets.refusals.take(user, refusals.perSecond, units) > 0) {
      onDeaf();
    }
    throw tooManyRequests(waitSeconds);
  }
}
