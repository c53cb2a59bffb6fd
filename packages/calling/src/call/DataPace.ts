import { InterruptibleClock, SerialQueue, TokenBucket, type Clock } from '@parley/kit';
import { dataRate } from '@parley/protocol';
import { CallError } from '../errors.ts';

/** Half of what may come at once: what is held up on the way arrives closer together than it was sent. */
const burst = dataRate.messagesPerSecond / 2;

/** As many bytes as a message may have where the number of messages is the limit. */
const bytesOfMessage = dataRate.bytesPerSecond / dataRate.messagesPerSecond;

/** The most that may wait for their turn. */
const maxWaiting = 256;

/** How fast this page sends over data channels: the server drops what is beyond its limit, and tells nobody. */
export class DataPace {
  readonly #bucket: TokenBucket;
  readonly #turns = new SerialQueue('data messages');
  readonly #pauses: InterruptibleClock;
  #phase: 'open' | 'closed' = 'open';

  constructor(clock: Clock) {
    this.#bucket = new TokenBucket({ capacity: burst, perSecond: dataRate.messagesPerSecond, clock });
    this.#pauses = new InterruptibleClock(clock);
  }

  /** Whether a message may go now. Those that wait for their turn go first. */
  allows(bytes: number): boolean {
    return this.#turns.pending === 0 && this.#take(bytes) === 0;
  }

  /**
   * Resolves when the message may go; one after the other.
   * @throws CallError `unavailable` when too many wait.
   */
  async turn(bytes: number): Promise<void> {
    if (this.allows(bytes)) {
      return;
    }
    if (this.#turns.pending >= maxWaiting) {
      throw new CallError('unavailable', 'More data messages wait than the server takes in seconds.');
    }
    await this.#turns.push(async () => {
      for (
        let waitSeconds = this.#take(bytes);
        waitSeconds > 0 && this.#phase === 'open';
        waitSeconds = this.#take(bytes)
      ) {
        const waitMs = Math.ceil(waitSeconds * 1000);
        await new Promise<void>((resolve) => this.#pauses.schedule(waitMs, resolve));
      }
    });
  }

  /** Nobody waits any longer. Idempotent. */
  close(): void {
    this.#phase = 'closed';
    this.#pauses.interrupt();
  }

  #take(bytes: number): number {
    return this.#bucket.take(Math.max(1, bytes / bytesOfMessage));
  }
}
