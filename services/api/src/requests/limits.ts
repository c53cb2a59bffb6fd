import { ProtocolError } from '@parley/protocol';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** How often something may be done. */
export interface Limit {
  readonly points: number;
  readonly durationSeconds: number;
}

/** The limits of routes that ask for no key. */
const defaultLimits = {
  /** Sign-ins from one address. */
  signInsPerAddress: { points: 120, durationSeconds: 60 },
  /** Failed sign-ins of one user from one address: of an address, because a stranger's guesses elsewhere must
   * not keep the user out. */
  failedSignIns: { points: 10, durationSeconds: 900 },
  /** Guests admitted from one address. */
  guestsPerAddress: { points: 120, durationSeconds: 60 },
} satisfies Record<string, Limit>;

export type LimitName = keyof typeof defaultLimits;

export type RequestLimits = Readonly<Record<LimitName, RequestLimit>>;

/** Counts per key in this process's memory. */
class RequestLimit {
  readonly #limiter: RateLimiterMemory;

  constructor({ points, durationSeconds }: Limit) {
    this.#limiter = new RateLimiterMemory({ points, duration: durationSeconds });
  }

  /** Counts one for `key`; throws `too_many_requests` with the time to wait. */
  async take(key: string): Promise<void> {
    try {
      await this.#limiter.consume(key);
    } catch (rejection) {
      if (!(rejection instanceof RateLimiterRes)) {
        throw rejection;
      }
      const retryAfterSeconds = Math.ceil(rejection.msBeforeNext / 1000);
      throw new ProtocolError('too_many_requests', `Too many attempts; wait ${retryAfterSeconds} s.`, {
        retryAfterSeconds,
      });
    }
  }

  /** Forgets what was counted for `key`. */
  async forgive(key: string): Promise<void> {
    await this.#limiter.delete(key);
  }
}

export function createLimits(changed: Partial<Record<LimitName, Limit>> = {}): RequestLimits {
  const limits: Record<LimitName, Limit> = { ...defaultLimits, ...changed };

  return {
    signInsPerAddress: new RequestLimit(limits.signInsPerAddress),
    failedSignIns: new RequestLimit(limits.failedSignIns),
    guestsPerAddress: new RequestLimit(limits.guestsPerAddress),
  };
}
