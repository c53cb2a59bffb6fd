import type { CallNotification, NumberedNotification } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';

/** Some seconds of a busy call; who has missed more is given a snapshot. */
const maxKept = 256;

/**
 * What one participant is told, numbered without a gap. The latest are kept, so that a client that comes back to its
 * place hears of what happened meanwhile.
 */
export class Mailbox {
  #sequence: number;
  /** The latest, the oldest first. */
  #kept: NumberedNotification[] = [];
  #endpoint: CallEndpoint | undefined;
  /** The client that has heard no more than that has none of the present media. */
  #mediaSince = 0;

  /** @param sequence Of the last notification somebody was told of by an earlier process. */
  constructor(sequence = 0) {
    this.#sequence = sequence;
  }

  /** Of the latest notification; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  /** From now on notifications reach the endpoint. */
  attach(endpoint: CallEndpoint): void {
    this.#endpoint = endpoint;
  }

  /** From now on notifications are only kept. */
  detach(): void {
    this.#endpoint = undefined;
  }

  post({ name, data }: CallNotification): void {
    this.#sequence += 1;
    const numbered = { name, data, sequence: this.#sequence };
    this.#kept.push(numbered);
    if (name === 'mediaReset' || name === 'admitted') {
      this.mediaWasReset();
    }
    // Whoever missed that they were let in is told of the call as it is by then.
    if (name === 'admitted') {
      this.#kept = [];
    }
    if (this.#kept.length > 2 * maxKept) {
      this.#kept = this.#kept.slice(-maxKept);
    }
    this.#endpoint?.notify(numbered);
  }

  /** Whoever has not heard the latest notification knows nothing of the present transports. */
  mediaWasReset(): void {
    this.#mediaSince = this.#sequence;
  }

  /** Whether the transports are others than those of the client that has heard everything up to that number. */
  wasResetAfter(sequence: number): boolean {
    return sequence < this.#mediaSince;
  }

  /** What came after that number; undefined when some of it is not kept any more, or the number was never given. */
  since(sequence: number): readonly NumberedNotification[] | undefined {
    const missed = this.#sequence - sequence;
    if (missed < 0 || missed > maxKept || missed > this.#kept.length) {
      return undefined;
    }

    return missed === 0 ? [] : this.#kept.slice(-missed);
  }
}
