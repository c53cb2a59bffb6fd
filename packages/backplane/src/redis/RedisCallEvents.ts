import type { Clock } from '@parley/kit';
import type { CallEvent, CallEventConsumer, CallEvents, CallEventSubscription } from '../callEvents.ts';
import type { EventStore } from '../events/EventStore.ts';
import { EventForwarder } from './EventForwarder.ts';
import { EventReader } from './EventReader.ts';
import type { RedisLink } from './RedisLink.ts';

export interface RedisCallEventsOptions {
  readonly link: RedisLink;
  /** Where events wait until they were handed over. */
  readonly store: EventStore;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** `CallEvents` for several processes: a stream of Redis's between the stores of nodes and the one that reads. */
export class RedisCallEvents implements CallEvents {
  readonly #options: RedisCallEventsOptions;
  readonly #forwarder: EventForwarder;
  #reader: EventReader | undefined;

  constructor(options: RedisCallEventsOptions) {
    this.#options = options;
    this.#forwarder = new EventForwarder(options);
    options.link.subscribe('events:appended', () => this.#reader?.wake());
    options.link.whenUp(async () => this.#reader?.wake());
  }

  publish(event: CallEvent): void {
    this.#options.store.push(event);
    this.#forwarder.wake();
  }

  consume(consumer: CallEventConsumer): CallEventSubscription {
    if (this.#reader !== undefined) {
      throw new Error('The stream of call events has a consumer already.');
    }
    const { link, clock, onError } = this.#options;
    const reader = new EventReader({ link, consumer, clock, onError });
    this.#reader = reader;

    return {
      close: async () => {
        await this.#forwarder.flush();
        await reader.close();
        if (this.#reader === reader) {
          this.#reader = undefined;
        }
      },
    };
  }

  /** Ends the subscription, if there is one. Idempotent. */
  async close(): Promise<void> {
    await this.#forwarder.flush();
    await this.#reader?.close();
    this.#reader = undefined;
    this.#forwarder.close();
    await this.#options.store.close();
  }
}
