import type { CallEvent } from '../callEvents.ts';
import type { EventStore } from '../events/EventStore.ts';
import { append } from './callEventScripts.ts';
import type { RedisLink, RedisServer } from './RedisLink.ts';

const batch = 500;

/** Sent and not confirmed yet: what is behind it stays in the store, which bounds it, and not in Redis. */
const maxSent = 5_000;

interface Sent {
  readonly events: readonly CallEvent[];
  /** Of the last of them. */
  readonly number: number;
  isAppended: boolean;
}

/**
 * Sends the events of a store into the stream. They stay in the store until their reader has confirmed them: a Redis
 * that forgets them is sent them again.
 */
export class EventForwarder {
  readonly #link: RedisLink;
  readonly #store: EventStore;
  /** In the order they were sent. */
  #sent: Sent[] = [];
  #number = 0;
  #running: Promise<void> | undefined;

  constructor(link: RedisLink, store: EventStore) {
    this.#link = link;
    this.#store = store;
    const done = `events:done:${link.owner}`;
    link.subscribe(done, (text) => this.#confirm(Number(text)));
    link.whenUp(async (server) => {
      this.#confirm(Number((await link.ask((client) => client.get(link.key(done)))) ?? 0));
      this.#takeBack(server);
      // Not waited for: the link is up before.
      this.wake();
    });
  }

  wake(): void {
    this.#running ??= this.#send();
  }

  /** Resolves when all that was in the store is in the stream, or cannot be brought there now. */
  async flush(): Promise<void> {
    this.wake();
    await this.#running;
  }

  async #send(): Promise<void> {
    // What is published in one turn is sent together.
    await Promise.resolve();
    try {
      while (this.#store.size > 0 && this.#sent.length * batch < maxSent) {
        const events = this.#store.take(batch);
        this.#number += events.length;
        const sent: Sent = { events, number: this.#number, isAppended: false };
        this.#sent.push(sent);
        await this.#link.run(
          append,
          this.#link.owner,
          sent.number,
          ...events.map((event) => JSON.stringify(event)),
        );
        sent.isAppended = true;
      }
    } catch {
      // Redis is away: what it has not got is sent when it is back.
    } finally {
      this.#running = undefined;
    }
  }

  #confirm(number: number): void {
    while (this.#sent[0] !== undefined && this.#sent[0].number <= number) {
      this.#store.done(this.#sent.shift()?.events ?? []);
    }
    this.wake();
  }

  /** What the server has not got, or not any more, is sent again; it may come twice then. */
  #takeBack({ isOther }: RedisServer): void {
    const first = isOther ? 0 : this.#sent.findIndex(({ isAppended }) => !isAppended);
    const lost = first === -1 ? [] : this.#sent.splice(first);
    this.#store.putBack(lost.flatMap(({ events }) => events));
  }
}
