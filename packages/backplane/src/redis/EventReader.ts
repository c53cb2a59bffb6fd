import { exponentialBackoff, InterruptibleClock, retry, type Clock } from '@parley/kit';
import type { CallEvent, CallEventConsumer } from '../callEvents.ts';
import { confirm, read, stopReading } from './callEventScripts.ts';
import type { RedisLink } from './RedisLink.ts';

const batch = 500;

/** Whoever has not been told that there is something looks for itself, and for whether the reader has died. */
const lookMs = 1_000;

/** A producer that was away for so long sends its events again. */
const confirmedMs = 24 * 60 * 60 * 1_000;

const policy = exponentialBackoff({
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 100,
  maxDelayMs: 5_000,
});

interface Entry {
  readonly id: string;
  readonly producer: string;
  readonly number: number;
  readonly event: CallEvent;
}

export interface EventReaderOptions {
  readonly link: RedisLink;
  readonly consumer: CallEventConsumer;
  readonly clock: Clock;
  /** Told what the consumer rejects with. */
  readonly onError: (error: unknown) => void;
}

/**
 * Hands the events of the stream to one consumer, batch after batch. Of several processes that would read, one does;
 * the next goes on when that stops or dies, with what was not confirmed.
 */
export class EventReader {
  readonly #options: EventReaderOptions;
  readonly #clock: InterruptibleClock;
  readonly #running: Promise<void>;
  /** What was read and not confirmed comes first. */
  #from: '0' | '>' = '0';
  #isClosing = false;
  /** Something was appended since it was looked. */
  #isAwake = true;

  constructor(options: EventReaderOptions) {
    this.#options = options;
    this.#clock = new InterruptibleClock(options.clock);
    this.#running = this.#run();
  }

  wake(): void {
    this.#isAwake = true;
    this.#clock.interrupt();
  }

  /** Resolves when what is in the stream is handed over, or was rejected once more and is kept. Idempotent. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.wake();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { link } = this.#options;
    for (;;) {
      this.#isAwake = false;
      const didWork = await this.#readOnce();
      if (!didWork && this.#isClosing) {
        break;
      }
      if (!didWork && !this.#isAwake) {
        await new Promise<void>((resolve) => this.#clock.schedule(lookMs, resolve));
      }
    }
    await link.run(stopReading, link.owner).catch(() => {});
  }

  /** Whether there may be more. */
  async #readOnce(): Promise<boolean> {
    const { link } = this.#options;
    try {
      const found = await link.run(read, link.owner, this.#from, batch);
      if (!Array.isArray(found)) {
        // Somebody else reads; what that leaves behind comes first.
        this.#from = '0';

        return false;
      }
      if (found.length > 0) {
        await this.#handOver((found as [id: string, fields: string[] | null][]).flatMap(toEntry));
      } else if (this.#from === '>') {
        return false;
      } else {
        this.#from = '>';
      }

      return true;
    } catch {
      // Redis is away, or the consumer rejects while this is closing.
      this.#from = '0';

      return false;
    }
  }

  async #handOver(entries: readonly Entry[]): Promise<void> {
    const events = entries.map(({ event }) => event);
    await retry(() => this.#offer(events), {
      policy,
      clock: this.#clock,
      isRetryable: () => !this.#isClosing,
    });
    const numbers = new Map(entries.map(({ producer, number }) => [producer, number]));
    const ids = JSON.stringify(entries.map(({ id }) => id));
    await this.#options.link.run(confirm, confirmedMs, ids, ...[...numbers].flat());
  }

  async #offer(events: readonly CallEvent[]): Promise<void> {
    const { consumer, onError } = this.#options;
    try {
      await consumer(events);
    } catch (error) {
      onError(error);
      throw error;
    }
  }
}

/** Without fields it was deleted before it was confirmed. */
function toEntry([id, fields]: [id: string, fields: string[] | null]): Entry[] {
  if (fields === null) {
    return [];
  }
  const [, producer = '', , number = '', , event = ''] = fields;

  return [{ id, producer, number: Number(number), event: JSON.parse(event) as CallEvent }];
}
