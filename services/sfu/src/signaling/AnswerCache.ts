import type { Clock } from '@parley/kit';
import { errorTable, ProtocolError, type ErrorCode } from '@parley/protocol';

/** A client that has found no way back by then has lost its place as well. */
const memoryMs = 60_000;
const maxOfClient = 256;
const maxOfAll = 20_000;

/**
 * These say how the asker stands at the moment and nothing of what was asked for: nothing was done, and with another
 * connection, or another token, it may be.
 */
const passing: ReadonlySet<ErrorCode> = new Set(['call_not_found', 'token_expired']);

/** Makes the answer once more. What it holds on to is what is kept. */
type Again = () => unknown;

interface Entry {
  readonly atMs: number;
  readonly outcome: Promise<Again>;
}

interface Client {
  askedAtMs: number;
  /** By request, the oldest first. */
  readonly entries: Map<string, Entry>;
}

export interface Repeatable<Answer> {
  readonly clientKey: string;
  readonly requestId: string;
  readonly carryOut: () => Answer;
  /** What is kept in place of an answer that is too large for that. */
  readonly again?: (answer: Awaited<Answer>) => Again;
}

/**
 * What was answered to requests of late, so that one which comes again, by whatever connection, is carried out once.
 * One that was not carried out, and could be another time, is carried out when it comes again.
 */
export class AnswerCache {
  readonly #clock: Clock;
  /** The one that asked last at the end. */
  readonly #clients = new Map<string, Client>();
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers that are kept. */
  get size(): number {
    return this.#size;
  }

  /** Answers as `carryOut` does, now or as it did when the client sent the request before. */
  run<Answer>(request: Repeatable<Answer>): Answer | Promise<Awaited<Answer>> {
    const known = this.#clients.get(request.clientKey)?.entries.get(request.requestId);

    return known === undefined ? this.#begin(request) : this.#repeat(known, request);
  }

  #begin<Answer>(request: Repeatable<Answer>): Answer {
    const again = request.again ?? ((answer) => () => answer);
    try {
      const outcome = request.carryOut();
      this.#keep(request, Promise.resolve(outcome).then(again));

      return outcome;
    } catch (error) {
      if (isLasting(error)) {
        this.#keep(request, Promise.reject(error));
      }
      throw error;
    }
  }

  async #repeat<Answer>({ outcome }: Entry, request: Repeatable<Answer>): Promise<Awaited<Answer>> {
    let again: Again;
    try {
      again = await outcome;
    } catch (error) {
      if (isLasting(error)) {
        throw error;
      }

      return await this.run(request);
    }

    return again() as Awaited<Answer>;
  }

  #keep(
    { clientKey, requestId }: { readonly clientKey: string; readonly requestId: string },
    outcome: Promise<Again>,
  ): void {
    const askedAtMs = this.#clock.now();
    const client = this.#clients.get(clientKey) ?? { askedAtMs, entries: new Map<string, Entry>() };
    const entry = { atMs: askedAtMs, outcome };
    client.askedAtMs = askedAtMs;
    client.entries.set(requestId, entry);
    this.#size += 1;
    this.#clients.delete(clientKey);
    this.#clients.set(clientKey, client);
    this.#shrink(client);
    outcome.catch((error: unknown) => {
      if (!isLasting(error) && client.entries.get(requestId) === entry) {
        this.#forget(client, requestId);
      }
    });
  }

  #shrink(client: Client): void {
    const longAgoMs = this.#clock.now() - memoryMs;
    for (const [requestId, { atMs }] of client.entries) {
      if (atMs > longAgoMs && client.entries.size <= maxOfClient) {
        break;
      }
      this.#forget(client, requestId);
    }
    for (const [key, { askedAtMs, entries }] of this.#clients) {
      if (askedAtMs > longAgoMs && this.#size <= maxOfAll) {
        return;
      }
      this.#size -= entries.size;
      entries.clear();
      this.#clients.delete(key);
    }
  }

  #forget({ entries }: Client, requestId: string): void {
    if (entries.delete(requestId)) {
      this.#size -= 1;
    }
  }
}

/** Whether the request would fail again. */
function isLasting(error: unknown): boolean {
  return error instanceof ProtocolError && !errorTable[error.code].retryable && !passing.has(error.code);
}
