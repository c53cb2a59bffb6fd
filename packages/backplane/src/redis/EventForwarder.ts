import type { Clock, Timer } from '@parley/kit';
import type { CallEvent } from '../callEvents.ts';
import type { EventStore } from '../events/EventStore.ts';
import { append } from './callEventScripts.ts';
import type { RedisLink, RedisServer } from './RedisLink.ts';

const batch = 500;

/** Events sent and not confirmed yet: what is behind them stays in the store, which bounds it, and not in Redis. */
const maxSent = 5_000;

/** Redis answers, but takes nothing: it has no memory left, or cannot write to its disk. */
const pauseAfterRefusalMs = 1_000;

interface Sent {
  readonly events: readonly CallEvent[];
  /** Of the last of them. */
  readonly number: number;
}

export interface EventForwarderOptions {
  readonly link: RedisLink;
  readonly store: EventStore;
  readonly clock: Clock;
  /** Told once of each time that Redis refuses events; of one that is away the link tells. */
  readonly onError: (error: unknown) => void;
}

/**
 * Sends the events of a store into the stream. They stay in the store until their reader has confirmed them: a Redis
 * that forgets them is sent them again.
 */
export class EventForwarder {
  readonly #options: EventForwarderOptions;
  /** In the stream, in the order they were sent. */
  #sent: Sent[] = [];
  #number = 0;
  /** The greatest number that the reader has confirmed. */
  #confirmed = 0;
  #running: Promise<void> | undefined;
  #retry: Timer | undefined;
  /** `closed` until what the server has lost is in the store again: the order of events must not change. */
  #gate: 'open' | 'paused' | 'closed' = 'closed';
  #isRefused = false;

  constructor(options: EventForwarderOptions) {
    const { link } = options;
    this.#options = options;
    const done = `events:done:${link.owner}`;
    link.subscribe(done, (text) => this.#confirm(Number(text)));
    link.whenUp(async (server) => {
      this.close();
      await this.#running;
      this.#confirm(Number((await link.ask((client) => client.get(link.key(done)))) ?? 0));
      this.#takeBack(server);
      // Nothing is waited for: the link is up before.
      this.#open();
    });
  }

  wake(): void {
    if (this.#gate === 'open') {
      this.#running ??= this.#send();
    }
  }

  /** Resolves when all that was in the store is in the stream, or cannot be brought there now. */
  async flush(): Promise<void> {
    this.wake();
    await this.#running;
  }

  /** Sends nothing more until the link comes up again. Idempotent. */
  close(): void {
    this.#gate = 'closed';
    this.#retry?.cancel();
  }

  #open(): void {
    this.#gate = 'open';
    this.wake();
  }

  async #send(): Promise<void> {
    const { store } = this.#options;
    // What is published in one turn is sent together.
    await Promise.resolve();
    while (store.size > 0 && this.#waiting < maxSent && this.#gate === 'open') {
      const events = store.take(batch);
      try {
        await this.#append(events);
      } catch (error) {
        // It may be there all the same, when the answer was late: then it comes twice.
        store.putBack(events);
        this.#pause(error);
        break;
      }
    }
    this.#running = undefined;
  }

  async #append(events: readonly CallEvent[]): Promise<void> {
    const { link } = this.#options;
    this.#number += events.length;
    const sent: Sent = { events, number: this.#number };
    await link.run(append, link.owner, sent.number, ...events.map((event) => JSON.stringify(event)));
    this.#isRefused = false;
    this.#sent.push(sent);
    this.#settle();
  }

  /** How many events of the stream its reader has not confirmed, or a few more. */
  get #waiting(): number {
    const [first] = this.#sent;

    return first === undefined ? 0 : this.#number - first.number + first.events.length;
  }

  #pause(error: unknown): void {
    const { clock, onError } = this.#options;
    const reason = error instanceof Error ? error.cause : undefined;
    if (reason instanceof Error && reason.name === 'ReplyError' && !this.#isRefused) {
      this.#isRefused = true;
      onError(new Error(`Redis refuses call events, which wait here meanwhile: ${reason.message}`));
    }
    if (this.#gate === 'open') {
      this.#gate = 'paused';
      this.#retry = clock.schedule(pauseAfterRefusalMs, () => this.#open());
    }
  }

  /** May come before the answer to what it confirms. */
  #confirm(number: number): void {
    this.#confirmed = Math.max(this.#confirmed, number);
    this.#settle();
    this.wake();
  }

  #settle(): void {
    while (this.#sent[0] !== undefined && this.#sent[0].number <= this.#confirmed) {
      this.#options.store.done(this.#sent.shift()?.events ?? []);
    }
  }

  /** What the server has not got any more is sent again. */
  #takeBack({ isOther }: RedisServer): void {
    if (isOther) {
      this.#options.store.putBack(this.#sent.splice(0).flatMap(({ events }) => events));
    }
  }
}
