import { tooManyRequests } from '@parley/protocol';
import type { Response } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';

/** What is counted, and within how many seconds. How often it may happen, each application says for itself. */
const windowSeconds = {
  /** Requests without a valid credential, from one address. */
  address: 60,
  /** Requests of one API key or one administrator. */
  requests: 60,
  /** Requests of one user. */
  userRequests: 60,
  /** Requests to the token endpoint from one address. */
  signIns: 60,
  /** Failed sign-ins of one user from one address: of an address, because a stranger's guesses elsewhere must not
   * keep the user out. */
  failedSignIns: 900,
  /** Turns of an address that has failed too often as one user: one in each of these windows. */
  signInTurns: 60,
  /** The same while other addresses fail as that user as well. */
  slowSignInTurns: 300,
  /** Failed sign-ins of one user from all addresses together; they slow strangers down and keep nobody out. */
  failedSignInsOfUsername: 900,
  /** Guests and exchanged access tokens from one address. */
  visitors: 60,
} as const;

export type LimitWindow = keyof typeof windowSeconds;

/** One thing that is counted: `points` is how often `key` may do it in the window. */
export interface Quota {
  readonly window: LimitWindow;
  readonly key: string;
  readonly points: number;
}

/** Counts in this process's memory. */
export class RequestLimits {
  readonly #counters: Readonly<Record<LimitWindow, RateLimiterMemory>>;

  constructor() {
    const windows = Object.entries(windowSeconds).map(([window, duration]) => [
      window,
      // The limit is the caller's to compare; the library counts.
      new RateLimiterMemory({ points: Number.MAX_SAFE_INTEGER, duration }),
    ]);
    this.#counters = Object.fromEntries(windows) as Record<LimitWindow, RateLimiterMemory>;
  }

  /**
   * Counts one; throws `too_many_requests` with the time to wait. The answer says how much is left (RateLimit fields
   * for HTTP, draft-ietf-httpapi-ratelimit-headers).
   */
  async take(response: Response, quota: Quota): Promise<void> {
    judge(response, await this.#consume(quota));
  }

  /** Counts one for both; throws only when both are spent, with the time to wait for `second`. */
  async takeEither(response: Response, first: Quota, second: Quota): Promise<void> {
    const [one, other] = await Promise.all([this.#consume(first), this.#consume(second)]);
    judge(response, one.consumedPoints <= first.points ? one : other);
  }

  /** Counts one and judges nothing. */
  async count({ window, key }: Pick<Quota, 'window' | 'key'>): Promise<void> {
    await this.#counters[window].consume(key);
  }

  /** How many were counted for `key` in the present window. */
  async counted({ window, key }: Pick<Quota, 'window' | 'key'>): Promise<number> {
    return (await this.#counters[window].get(key))?.consumedPoints ?? 0;
  }

  /** Takes back one that was counted. */
  async giveBack({ window, key }: Pick<Quota, 'window' | 'key'>): Promise<void> {
    await this.#counters[window].reward(key);
  }

  /** Forgets what was counted for `key`. */
  async forgive({ window, key }: Pick<Quota, 'window' | 'key'>): Promise<void> {
    await this.#counters[window].delete(key);
  }

  async #consume(quota: Quota): Promise<Consumed> {
    const { consumedPoints, msBeforeNext } = await this.#counters[quota.window].consume(quota.key);

    return { quota, consumedPoints, msBeforeNext };
  }
}

interface Consumed {
  readonly quota: Quota;
  readonly consumedPoints: number;
  readonly msBeforeNext: number;
}

/** Says in the answer how much is left, and throws when it is less than nothing. */
function judge(response: Response, { quota, consumedPoints, msBeforeNext }: Consumed): void {
  const { window, points } = quota;
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  response.set({
    'RateLimit-Policy': `"${window}";q=${points};w=${windowSeconds[window]}`,
    RateLimit: `"${window}";r=${Math.max(0, points - consumedPoints)};t=${seconds}`,
  });
  if (consumedPoints > points) {
    throw tooManyRequests(seconds, `Too many requests; wait ${seconds} s.`);
  }
}
