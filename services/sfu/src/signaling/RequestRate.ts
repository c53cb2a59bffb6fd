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

/** Refusals after which a client is not going to listen. */
const maxRefusals = 1_000;

export interface RequestRateOptions {
  readonly perSecond: number;
  /** Whose connection it is, of all users of all applications. */
  readonly user: string;
  /** Those of all connections. */
  readonly userBuckets: TokenBuckets;
  readonly costs: RequestCosts;
  readonly clock: Clock;
  /** The client does not slow down. */
  readonly onDeaf: () => void;
}

/** How much each user may ask for, by whichever of their connections, also when they connect anew. */
export function createUserBuckets(clock: Clock): TokenBuckets {
  return new TokenBuckets({ burstSeconds, max: maxUsers, clock });
}

/** How much the client of one connection may ask for. */
export class RequestRate {
  readonly #options: RequestRateOptions;
  /** Requests that may come at once, and may wait for their turn while the worker is slow. */
  readonly #burst: number;
  readonly #bucket: TokenBucket;
  readonly #strays: TokenBucket;
  #refusals = 0;

  constructor(options: RequestRateOptions) {
    const { perSecond, clock } = options;
    this.#options = options;
    this.#burst = perSecond * burstSeconds;
    this.#bucket = new TokenBucket({ capacity: this.#burst, perSecond, clock });
    this.#strays = new TokenBucket({ ...strays, clock });
  }

  /** Of anything that has come, before it is looked at. Throws `too_many_requests`. */
  requireAny(pending: number): void {
    const waitSeconds = this.#take(1);
    if (waitSeconds > 0 || pending > this.#burst) {
      this.#refuse(waitSeconds);
    }
  }

  /** Of a request that is understood, beyond what everything costs. Throws `too_many_requests`. */
  require(name: RequestName): void {
    // However low the rate is: what costs more than there can be is done when there is as much as can be.
    const cost = Math.min(this.#options.costs[name], this.#burst) - 1;
    const waitSeconds = cost > 0 ? this.#take(cost) : 0;
    if (waitSeconds > 0) {
      this.#refuse(waitSeconds);
    }
  }

  /** Something came that cannot be answered: nobody can be told to slow down. */
  ignore(): void {
    if (this.#take(1) > 0) {
      this.#options.onDeaf();
    }
  }

  /** A frame came that is no event; a client that goes on connected sends one in some seconds. */
  stray(): void {
    if (this.#strays.take() > 0) {
      this.#options.onDeaf();
    }
  }

  /** Answers the seconds to wait, 0 when it is taken. */
  #take(units: number): number {
    const { user, userBuckets, perSecond } = this.#options;

    return this.#bucket.take(units) || userBuckets.take(user, perSecond * userFactor, units);
  }

  #refuse(waitSeconds: number): never {
    this.#refusals += 1;
    if (this.#refusals > maxRefusals) {
      this.#options.onDeaf();
    }
    throw tooManyRequests(waitSeconds);
  }
}
