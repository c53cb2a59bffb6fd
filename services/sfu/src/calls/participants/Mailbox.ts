import type { CallNotification, NumberedNotification } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';

/** Some seconds of a busy call; who has missed more is given a snapshot. */
const maxKept = 256;

/** In characters: the snapshot of a call with a full chat is no smaller. */
const maxKeptSize = 256 * 1024;

interface Kept {
  readonly notification: NumberedNotification;
  readonly size: number;
}

/**
 * What one participant is told, numbered without a gap. The latest are kept, so that a client that comes back to its
 * place hears of what happened meanwhile.
 */
export class Mailbox {
  #sequence: number;
  /** The latest, the oldest first. */
  #kept: Kept[] = [];
  /** Of all that are kept. */
  #size = 0;
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

  /** The last thing that the endpoint is told, unless it is the one that comes; whoever comes back hears nothing of it. */
  dismiss({ name, data }: CallNotification, successor: CallEndpoint): void {
    if (this.#endpoint !== successor) {
      this.#endpoint?.notify({ name, data, sequence: this.#sequence + 1 });
      this.#endpoint = undefined;
    }
  }

  /** @param size As `sizeOf` says, which takes long: of what many are told it is measured once. */
  post(notification: CallNotification, size = sizeOf(notification)): void {
    const { name, data } = notification;
    this.#sequence += 1;
    const numbered = { name, data, sequence: this.#sequence };
    this.#keep({ notification: numbered, size });
    if (name === 'mediaReset' || name === 'admitted') {
      this.mediaWasReset();
    }
    // Whoever missed that they were let in is told of the call as it is by then.
    if (name === 'admitted') {
      this.#kept = [];
      this.#size = 0;
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
    if (missed < 0 || missed > this.#kept.length) {
      return undefined;
    }

    return missed === 0 ? [] : this.#kept.slice(-missed).map(({ notification }) => notification);
  }

  #keep(kept: Kept): void {
    this.#kept.push(kept);
    this.#size += kept.size;
    while (this.#kept.length > maxKept || this.#size > maxKeptSize) {
      this.#size -= this.#kept.shift()?.size ?? 0;
    }
  }
}

/** In characters of JSON. */
export function sizeOf({ data }: CallNotification): number {
  return JSON.stringify(data).length;
}
