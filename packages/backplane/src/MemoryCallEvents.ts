import { exponentialBackoff, InterruptibleClock, retry, type Clock } from '@parley/kit';
import { CallEventQueue } from './CallEventQueue.ts';
import type { CallEvent, CallEvents, CallEventSubscription } from './callEvents.ts';

type Consumer = (events: readonly CallEvent[]) => Promise<void>;

/** Events handed over at a time. */
const maxBatch = 500;

/** Some 50 MB: an hour of a busy node whose database is down. */
const maxKeptEvents = 100_000;

/** A consumer is told of the same events until it takes them. */
const policy = exponentialBackoff({
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 100,
  maxDelayMs: 5_000,
});

/** `CallEvents` for one process. What was not handed over ends with it. */
export class MemoryCallEvents implements CallEvents {
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #queue: CallEventQueue;
  #delivery: Delivery | undefined;

  /** @param onError Told what a consumer rejected with, and of calls that had to be given up. */
  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock;
    this.#onError = onError;
    this.#queue = new CallEventQueue({
      maxEvents: maxKeptEvents,
      onDropped: (calls) =>
        onError(new Error(`The records of ${calls} calls were given up: too many wait to be written.`)),
    });
  }

  publish(event: CallEvent): void {
    this.#queue.push(event);
    this.#delivery?.wake();
  }

  consume(consumer: Consumer): CallEventSubscription {
    if (this.#delivery !== undefined) {
      throw new Error('The stream of call events has a consumer already.');
    }
    const delivery = new Delivery(this.#queue, consumer, this.#clock, this.#onError);
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
  }
}

/** Hands the events of a queue to one consumer, batch after batch. */
class Delivery {
  readonly #queue: CallEventQueue;
  readonly #consumer: Consumer;
  readonly #clock: InterruptibleClock;
  readonly #onError: (error: unknown) => void;
  /** Set while there is something to hand over. */
  #running: Promise<void> | undefined;
  #isClosing = false;

  constructor(queue: CallEventQueue, consumer: Consumer, clock: Clock, onError: (error: unknown) => void) {
    this.#queue = queue;
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
      while (this.#queue.size > 0) {
        await this.#handOver(this.#queue.take(maxBatch));
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
    } catch (error) {
      this.#queue.putBack(batch);
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
