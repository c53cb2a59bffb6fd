import { exponentialBackoff, InterruptibleClock, retry, type Clock } from '@parley/kit';
import type { CallEvent, CallEventConsumer } from '../callEvents.ts';
import type { EventStore } from './EventStore.ts';

/** Events handed over at a time. */
const maxBatch = 500;

/** A consumer is told of the same events until it takes them. */
const policy = exponentialBackoff({
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 100,
  maxDelayMs: 5_000,
});

/** Hands the events of a store to one consumer, batch after batch. */
export class Delivery {
  readonly #store: EventStore;
  readonly #consumer: CallEventConsumer;
  readonly #clock: InterruptibleClock;
  readonly #onError: (error: unknown) => void;
  /** Set while there is something to hand over. */
  #running: Promise<void> | undefined;
  #isClosing = false;

  constructor(
    store: EventStore,
    consumer: CallEventConsumer,
    clock: Clock,
    onError: (error: unknown) => void,
  ) {
    this.#store = store;
    this.#consumer = consumer;
    this.#clock = new InterruptibleClock(clock);
    this.#onError = onError;
  }

  /** There may be events. */
  wake(): void {
    if (!this.#isClosing) {
      this.#running ??= this.#run();
    }
  }

  /** Resolves when what was published is handed over, or was rejected once more and is kept. Idempotent. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#clock.interrupt();
    await this.#running;
  }

  async #run(): Promise<void> {
    // What is published in one turn is handed over together.
    await Promise.resolve();
    try {
      while (this.#store.size > 0) {
        await this.#handOver(this.#store.take(maxBatch));
      }
    } catch {
      // It was reported, and the subscription is being closed.
    } finally {
      this.#running = undefined;
    }
  }

  async #handOver(batch: readonly CallEvent[]): Promise<void> {
    try {
      await retry(() => this.#offer(batch), {
        policy,
        clock: this.#clock,
        isRetryable: () => !this.#isClosing,
      });
      this.#store.done(batch);
    } catch (error) {
      this.#store.putBack(batch);
      throw error;
    }
  }

  async #offer(batch: readonly CallEvent[]): Promise<void> {
    try {
      await this.#consumer(batch);
    } catch (error) {
      this.#onError(error);
      throw error;
    }
  }
}
