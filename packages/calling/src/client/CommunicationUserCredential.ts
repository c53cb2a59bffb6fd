import { createDeferred } from '@parley/kit';
import { CallError } from '../errors.ts';
import { redact } from '../logger.ts';
import { tokenPayload } from './tokenPayload.ts';

/** Who waits for a callback longer than this waits in vain, as a rule. */
const longestFetchMs = 30_000;

type TokenCallback = () => string | Promise<string>;

/** A token with less than this left is replaced before it is used. */
const leastLifetimeMs = 30_000;

/**
 * Where session tokens come from: one string, or a callback that fetches a fresh one from the application's
 * backend whenever the present one is about to expire or was refused.
 *
 * @example
 * const credential = new CommunicationUserCredential(() => fetch('/token').then((answer) => answer.text()));
 * const client = await CallClientFactory.create(credential);
 */
export class CommunicationUserCredential {
  readonly #refresh: TokenCallback | undefined;
  #token: string | undefined;
  #refreshing: Promise<string> | undefined;

  /**
   * @param tokenOrCallback A session token, or a function that resolves with one.
   * @param initialToken With a callback: the token to begin with, so that the callback is not asked first.
   * @throws TypeError for an empty token or anything else.
   */
  constructor(tokenOrCallback: string | TokenCallback, initialToken?: string) {
    const isInitialToken =
      initialToken === undefined || (typeof initialToken === 'string' && initialToken !== '');
    if (typeof tokenOrCallback === 'function' && isInitialToken) {
      this.#refresh = tokenOrCallback;
      this.#token = initialToken;
    } else if (typeof tokenOrCallback === 'string' && tokenOrCallback !== '') {
      this.#token = tokenOrCallback;
    } else {
      throw new TypeError('A credential takes a token, or a function that fetches one.');
    }
  }

  /** Whether a refused token can be replaced. */
  get canRefresh(): boolean {
    return this.#refresh !== undefined;
  }

  /**
   * The present token, or with a callback a fresh one when it has run out. A token without a callback is never
   * judged here: this machine's clock may be wrong, and the server's answer is as quick.
   * @throws CallError `unauthenticated` when the callback failed, `timeout` when it took longer than 30 seconds.
   */
  async getToken(): Promise<string> {
    const refresh = this.#refresh;
    if (this.#token !== undefined && (refresh === undefined || !isExpired(this.#token))) {
      return this.#token;
    }
    if (refresh === undefined) {
      throw new CallError('unauthenticated');
    }

    return this.#fetch(refresh);
  }

  /**
   * Another token than this one, which stays the present one should the callback fail.
   * @throws CallError `unauthenticated` when the callback failed.
   */
  renew(token: string): Promise<string> {
    const refresh = this.#refresh;

    // Another client of this page may have been faster.
    return refresh === undefined || (this.#token !== undefined && this.#token !== token)
      ? this.getToken()
      : this.#fetch(refresh);
  }

  /** The server refused this token: with a callback, the next `getToken()` fetches another. */
  discard(token: string): void {
    if (this.canRefresh && this.#token === token) {
      this.#token = undefined;
    }
  }

  /** One refresh in flight serves everybody who waits. */
  #fetch(refresh: TokenCallback): Promise<string> {
    this.#refreshing ??= this.#replace(refresh).finally(() => {
      this.#refreshing = undefined;
    });

    return this.#refreshing;
  }

  async #replace(refresh: TokenCallback): Promise<string> {
    this.#token = await fetchToken(refresh);

    return this.#token;
  }
}

async function fetchToken(refresh: TokenCallback): Promise<string> {
  let token: unknown;
  const tooLate = createDeferred<never>();
  const timer = setTimeout(() => tooLate.reject(new CallError('timeout')), longestFetchMs);
  try {
    token = await Promise.race([refresh(), tooLate.promise]);
  } catch (error) {
    if (error instanceof CallError && error.code === 'timeout') {
      throw error;
    }
    throw new CallError('unauthenticated', 'The token callback failed.', { cause: withoutToken(error) });
  } finally {
    clearTimeout(timer);
  }
  if (typeof token !== 'string' || token === '') {
    throw new CallError('unauthenticated', 'The token callback gave no token.');
  }

  return token;
}

/** The application's own error, but for one that quotes a token: causes are logged, and sent to those who watch over pages. */
function withoutToken(error: unknown): unknown {
  const text = error instanceof Error ? redact(error.message) : '';

  return error instanceof Error && text !== error.message ? new Error(text) : error;
}

function isExpired(token: string): boolean {
  const expiresAt = tokenPayload(token)?.exp;

  return expiresAt !== undefined && expiresAt * 1000 - Date.now() <= leastLifetimeMs;
}
