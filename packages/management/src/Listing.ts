import type { Query, RequestOptions, Transport } from './Transport.ts';

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Missing on the last page. */
  readonly nextCursor?: string | undefined;
}

/**
 * A list of the service, read page by page as it is gone through:
 *
 *     for await (const user of client.users.list()) { … }
 *     for await (const { items } of client.users.list({ limit: 100 }).pages()) { … }
 *
 * Nothing is asked for before that. Each loop begins anew.
 */
export class Listing<Item> implements AsyncIterable<Item> {
  readonly #transport: Transport;
  readonly #path: string;
  readonly #query: Query;
  readonly #signal: AbortSignal | undefined;

  constructor(transport: Transport, path: string, query: object = {}, { signal }: RequestOptions = {}) {
    this.#transport = transport;
    this.#path = path;
    this.#query = query as Query;
    this.#signal = signal;
  }

  async *pages(): AsyncGenerator<Page<Item>, void, undefined> {
    let query = this.#query;
    for (;;) {
      const page = await this.#transport.send<Page<Item>>({
        method: 'GET',
        path: this.#path,
        query,
        signal: this.#signal,
      });
      yield page;
      if (page.nextCursor === undefined) {
        return;
      }
      query = { ...query, cursor: page.nextCursor };
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined> {
    for await (const { items } of this.pages()) {
      yield* items;
    }
  }

  /** All of it at once, for lists that are known to be short. */
  async toArray(): Promise<Item[]> {
    const all: Item[] = [];
    for await (const item of this) {
      all.push(item);
    }

    return all;
  }
}
