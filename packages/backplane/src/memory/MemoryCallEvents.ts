import type { Clock } from '@parley/kit';
import type { CallEvent, CallEventConsumer, CallEvents, CallEventSubscription } from '../callEvents.ts';
import { Delivery } from '../events/Delivery.ts';
import type { EventStore } from '../events/EventStore.ts';

/** `CallEvents` for one process. What was not handed over is the store's to keep. */
export class MemoryCallEvents implements CallEvents {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #store: EventStore;
  #delivery: Delivery | undefined;

  /** @param onError Told what a consumer rejected with. */
  constructor(store: EventStore, clock: Clock, onError: (error: unknown) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#onError = onError;
  }

  publish(event: CallEvent): void {
    this.#store.push(event);
    this.#delivery?.wake();
  }

  consume(consumer: CallEventConsumer): CallEventSubscription {
    if (this.#delivery !== undefined) {
      throw new Error('The stream of call events has a consumer already.');
    }
    const delivery = new Delivery(this.#store, consumer, this.#clock, this.#onError);
    this.#delivery = delivery;
    delivery.wake();

    return {
      close: async () => {
        await delivery.close();
        if (this.#delivery === delivery) {
          this.#delivery = undefined;
        }
      },
    };
  }

  /** Ends the subscription, if there is one. Idempotent. */
  async close(): Promise<void> {
    await this.#delivery?.close();
    this.#delivery = undefined;
    await this.#store.close();
  }
}
