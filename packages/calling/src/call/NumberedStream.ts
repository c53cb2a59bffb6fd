import type { CallNotification } from '@parley/protocol';
import { readNotification, isNumbered, type Numbered } from '../signaling/wire.ts';

/** What may come before the answer that names the call, or while a snapshot is fetched; it is little. */
const maxHeld = 256;

interface NumberedStreamOptions {
  onNotification: (notification: CallNotification) => void;
  /**
   * Something is missing; `repaired` goes on after a snapshot that includes it.
   *
   * @param vainRepairs How many there were in a row, after each of which something was missing at once.
   */
  onGap: (vainRepairs: number) => void;
}

/**
 * What one participant is told of a call, in the order of its numbers and without a gap. A callee may decline before
 * the caller knows the call's id: what comes before the answer that says it is kept.
 *
 *             flow()            halt()
 *     early ─────────▶ flowing ────────▶ halted
 *      ▲                │   ▲              │
 *      │            gap │   │ repaired()   │
 *                       ▼   │              │
 *                     waiting              │
 *                           ▲──────────────┘ caughtUp()
 */
export class NumberedStream {
  readonly #options: NumberedStreamOptions;
  #state: 'early' | 'flowing' | 'waiting' | 'halted' = 'early';
  #callId: string | undefined;
  #sequence = 0;
  #repairs = 0;
  #held: Numbered[] = [];

  constructor(options: NumberedStreamOptions) {
    this.#options = options;
  }

  /** Of the last notification that was told or need not be. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Something is missing. */
  get isWaiting(): boolean {
    return this.#state === 'waiting';
  }

  /** The call is this one, and the snapshot of it includes everything up to that number. */
  begin(callId: string, sequence: number): void {
    this.#callId = callId;
    this.#sequence = sequence;
  }

  hear(numbered: Numbered): void {
    if (this.#state === 'flowing') {
      this.#tell(numbered);
    } else if (this.#state !== 'halted' && this.#held.length < maxHeld) {
      this.#held.push(numbered);
    }
  }

  /** From here on it is told as it comes, at once what was held. */
  flow(): void {
    this.#state = 'flowing';
    const held = this.#held;
    this.#held = [];
    for (const numbered of held) {
      this.hear(numbered);
    }
  }

  /** Nothing is told, or kept, until `caughtUp`: the connection is gone. */
  halt(): void {
    this.#state = 'halted';
    this.#repairs = 0;
    this.#held = [];
  }

  /** A snapshot includes everything up to that number. */
  repaired(sequence: number): void {
    if (this.#state === 'waiting') {
      this.#sequence = Math.max(this.#sequence, sequence);
      this.#repairs += 1;
      this.flow();
      if (!this.isWaiting) {
        this.#repairs = 0;
      }
    }
  }

  /** Tells what was missed; numbers left out there need not be told. `sequence` is that of the last of all. */
  caughtUp(missed: readonly unknown[], sequence: number): void {
    this.#state = 'flowing';
    let isWhole = true;
    for (const raw of missed) {
      const heard = readNotification(raw);
      if (heard === undefined || !isNumbered(heard) || heard.content === 'malformed') {
        isWhole = false;
      } else if (heard.callId === this.#callId && heard.sequence > this.#sequence) {
        this.#sequence = heard.sequence;
        this.#tellContent(heard);
      }
    }
    this.#sequence = Math.max(this.#sequence, sequence);
    if (!isWhole && this.#state === 'flowing') {
      this.#wait();
    }
  }

  #tell(numbered: Numbered): void {
    if (numbered.callId !== this.#callId || numbered.sequence <= this.#sequence) {
      return;
    }
    if (numbered.sequence > this.#sequence + 1 || numbered.content === 'malformed') {
      this.#held.push(numbered);
      this.#wait();
    } else {
      this.#sequence = numbered.sequence;
      this.#tellContent(numbered);
    }
  }

  #tellContent({ content }: Numbered): void {
    if (typeof content !== 'string') {
      this.#options.onNotification(content);
    }
  }

  #wait(): void {
    this.#state = 'waiting';
    this.#options.onGap(this.#repairs);
  }
}
