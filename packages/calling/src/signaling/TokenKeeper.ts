import { exponentialBackoff, InterruptibleClock, retry, type Clock, type Timer } from '@parley/kit';
import type { ErrorCode } from '@parley/protocol';
import { CallError, toCallError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { TokenSource } from './TokenSource.ts';

/**
 * A token is replaced this long before it runs out, or after half of what is left of it when that is later: there is time for
 * several tries then, and a source that gives the same token again is asked more and more often.
 */
const leadMs = 10 * 60_000;

/** While the token still counts, a source that has failed is asked again after half of the time left, but not sooner. */
const leastPauseMs = 5_000;

/** The application is not asked again earlier after a token that was accepted, however soon that is said to run out. */
const leastMs = 30_000;

/** The longest wait that a browser's timer can hold. */
const maxDelayMs = 2 ** 31 - 1;

/** Once it has run out. The application's backend may be away for a while; the calls go on meanwhile. */
const latePolicy = exponentialBackoff({
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 1_000,
  maxDelayMs: 60_000,
});

/** Another token of the same source would be refused as well. */
const finalCodes: ReadonlySet<ErrorCode> = new Set(['token_revoked', 'forbidden', 'invalid_request']);

interface TokenKeeperOptions {
  tokens: TokenSource;
  /** Gives the server the newer token; answers when that one runs out. */
  send: (token: string) => Promise<{ tokenExpiresAtMs: number }>;
  /** Otherwise it is replaced when it has run out. */
  refreshProactively: boolean;
  clock: Clock;
  logger: Logger;
}

/**
 * Has a connection's token replaced before it runs out. What is told after all, that it has run out, is the last word:
 * this machine's clock may be wrong.
 */
export class TokenKeeper {
  readonly #options: TokenKeeperOptions;
  readonly #clock: InterruptibleClock;
  /** The token of the present connection; undefined while there is none. */
  #token: string | undefined;
  #expiresAtMs = 0;
  #due: Timer | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: TokenKeeperOptions) {
    this.#options = options;
    this.#clock = new InterruptibleClock(options.clock);
  }

  /** A connection was made with this token. */
  keep(token: string, expiresAtMs: number): void {
    this.#token = token;
    this.#expiresAtMs = expiresAtMs;
    if (this.#leftMs <= 0) {
      this.#replaceSoon();
    } else {
      this.#schedule();
    }
  }

  /** The server says that the token has run out. */
  expired(): void {
    if (this.#leftMs > 0) {
      this.#expiresAtMs = this.#options.clock.now();
      this.#clock.interrupt();
    }
    this.#replaceSoon();
  }

  /** The connection is gone. Idempotent. */
  stop(): void {
    this.#token = undefined;
    this.#due?.cancel();
    this.#clock.interrupt();
  }

  /** Before zero when it has run out. */
  get #leftMs(): number {
    return this.#expiresAtMs - this.#options.clock.now();
  }

  #schedule(): void {
    const { tokens, refreshProactively, clock } = this.#options;
    this.#due?.cancel();
    if (tokens.canRefresh && refreshProactively) {
      const delayMs = Math.min(Math.max(this.#leftMs - leadMs, this.#leftMs / 2), maxDelayMs);
      this.#due = clock.schedule(delayMs, () => this.#replaceSoon());
    }
  }

  #replaceSoon(): void {
    this.#due?.cancel();
    const { tokens, clock } = this.#options;
    if (!tokens.canRefresh || this.#refreshing !== undefined) {
      return;
    }
    const sinceMs = clock.now() - this.#refreshedAtMs;
    // Before zero where this machine's clock was set back.
    if (sinceMs >= 0 && sinceMs < leastMs) {
      this.#due = clock.schedule(leastMs - sinceMs, () => this.#replaceSoon());
    } else {
      this.#refreshing = this.#refresh().finally(() => {
        this.#refreshing = undefined;
      });
    }
  }

  async #refresh(): Promise<void> {
    const { logger } = this.#options;
    let lateTries = 1;
    try {
      await retry(() => this.#replace(), {
        policy: () =>
          this.#leftMs > 0 ? Math.max(this.#leftMs / 2, leastPauseMs) : latePolicy((lateTries += 1)),
        isRetryable: (error) => this.#token !== undefined && !isFinal(error),
        clock: this.#clock,
      });
    } catch (error) {
      if (this.#token !== undefined) {
        logger.warn('the token could not be replaced', { code: toCallError(error).code });
      }
    }
  }

  async #replace(): Promise<void> {
    const { tokens, send, clock } = this.#options;
    if (this.#token === undefined) {
      return;
    }
    const token = await tokens.renew(this.#token);
    if (this.#token === undefined) {
      return;
    }
    this.#token = token;
    const { tokenExpiresAtMs } = await send(token);
    this.#refreshedAtMs = clock.now();
    this.#expiresAtMs = tokenExpiresAtMs;
    if (this.#leftMs > 0) {
      this.#schedule();
    }
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof CallError && finalCodes.has(error.code);
}
