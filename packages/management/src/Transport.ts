import { readAnswer } from './answer.ts';
import { ManagementError } from './ManagementError.ts';
import { backOffSeconds, wait, type RetryOptions } from './retry.ts';

/** What every method takes besides what it is about. */
export interface RequestOptions {
  /** Gives the request up, also while it waits for its next try; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Of what makes something new. */
export interface CreateOptions extends RequestOptions {
  /**
   * Makes the request safe to send again, also by another process: within 24 hours it is carried out once. Each call
   * makes one for its own tries when none is given.
   */
  readonly idempotencyKey?: string | undefined;
}

export interface TransportOptions {
  /** Of the service, without a slash at its end. */
  readonly url: string;
  /** Value of `Authorization`. */
  readonly authorization: string | undefined;
  readonly fetch: typeof fetch;
  readonly retry: RetryOptions;
  /** Of one try. */
  readonly timeoutSeconds: number;
}

/** A query's values; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Made by `path`, which encodes the ids. */
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly idempotencyKey?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests, and sends them again when that is safe and may help. */
export class Transport {
  readonly #options: TransportOptions;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /** Sends what creates something. */
  create<Answer>(
    path: string,
    body: unknown,
    { signal, idempotencyKey }: CreateOptions = {},
  ): Promise<Answer> {
    return this.send({
      method: 'POST',
      path,
      body,
      idempotencyKey: idempotencyKey ?? randomKey(),
      signal,
    });
  }

  async send<Answer>(outgoing: Outgoing): Promise<Answer> {
    const { attempts } = this.#options.retry;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return (await this.#sendOnce(outgoing)) as Answer;
      } catch (error) {
        const delaySeconds = attempt < attempts ? this.#delayAfter(error, outgoing, attempt) : undefined;
        if (delaySeconds === undefined) {
          throw error;
        }
        await wait(delaySeconds, outgoing.signal);
      }
    }
  }

  async #sendOnce({ method, path, query, body, idempotencyKey, signal }: Outgoing): Promise<unknown> {
    const { url, authorization, fetch, timeoutSeconds } = this.#options;
    const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
    const headers = {
      Accept: 'application/json, application/problem+json',
      ...(authorization === undefined ? {} : { Authorization: authorization }),
      ...(body === undefined
        ? {}
        : { 'Content-Type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
    };
    try {
      const response = await fetch(url + path + toSearch(query), {
        method,
        headers,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        // A redirect would carry the credential to who knows where.
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });

      return await readAnswer(response);
    } catch (cause) {
      signal?.throwIfAborted();
      throw cause instanceof ManagementError
        ? cause
        : unreachable(cause, new URL(url).host, timeout.aborted ? timeoutSeconds : undefined);
    }
  }

  /** Seconds until the next try; undefined when there is to be none. */
  #delayAfter(error: unknown, { method, idempotencyKey }: Outgoing, attempt: number): number | undefined {
    const isSafe = method !== 'POST' || idempotencyKey !== undefined;
    if (!isSafe || !(error instanceof ManagementError) || !mayHelp(error)) {
      return undefined;
    }
    const seconds = error.retryAfterSeconds ?? backOffSeconds(attempt);

    return seconds <= this.#options.retry.maxDelaySeconds ? seconds : undefined;
  }
}

function mayHelp({ status }: ManagementError): boolean {
  return status === 0 || status === 429 || status === 503;
}

/** Names the host: it is most often the URL that is wrong. */
function unreachable(cause: unknown, host: string, waitedSeconds: number | undefined): ManagementError {
  const detail =
    waitedSeconds === undefined
      ? `The service cannot be reached at ${host}.`
      : `There was no answer from ${host} within ${waitedSeconds} s.`;

  return new ManagementError({ status: 0, code: 'unreachable', detail, cause });
}

function toSearch(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) {
      search.set(name, String(value));
    }
  }

  return search.size === 0 ? '' : `?${search.toString()}`;
}

/** Not `randomUUID()`, which pages have in secure contexts only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
