import type { Clock, Timer } from '@parley/kit';

/** How long nobody must want an encoding before its sender is told: who looks elsewhere often looks back. */
const holdMs = 2_000;

/** A stream that has just begun is about to be wanted. */
const graceMs = 2_000;

export interface SuspendedEncodingsOptions {
  readonly encodings: number;
  readonly clock: Clock;
  /** Whether each is wanted, the smallest first; never the same twice in a row. */
  readonly onWanted: (wanted: readonly boolean[]) => void;
}

/**
 * Which encodings of one stream anybody wants, wherever they are: of simulcast all up to the largest that somebody is
 * to see, since who has little bandwidth falls back on the smaller ones. The sender is told at once of what is wanted,
 * and after a while of what is not.
 */
export class SuspendedEncodings {
  readonly #options: SuspendedEncodingsOptions;
  readonly #startedAtMs: number;
  /** The highest encoding that each of those who receive the stream is to get. */
  readonly #wanted = new Map<object, number>();
  /** Until when each encoding is expected to be wanted. */
  readonly #expectedUntilMs: number[];
  #told: number;
  #lowering: Timer | undefined;

  constructor(options: SuspendedEncodingsOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.now();
    this.#told = options.encodings - 1;
    this.#expectedUntilMs = Array.from({ length: options.encodings }, () => -Infinity);
    this.#settle();
  }

  /** How many its sender need not send now. */
  get suspended(): number {
    return this.#options.encodings - 1 - this.#told;
  }

  /** What the sender was told last, the smallest encoding first; at the beginning all of them are wanted. */
  get told(): readonly boolean[] {
    return Array.from({ length: this.#options.encodings }, (_, encoding) => encoding <= this.#told);
  }

  /** @param encoding The highest that the receiver is to get; undefined when nothing is forwarded to them. */
  want(receiver: object, encoding: number | undefined): void {
    if (encoding === undefined) {
      this.#wanted.delete(receiver);
    } else {
      this.#wanted.set(receiver, encoding);
    }
    this.#settle();
  }

  /** Somebody is about to want it: its sender begins, or goes on, while they set up what they receive it with. */
  expect(encoding: number): void {
    this.#expectedUntilMs[encoding] = this.#options.clock.now() + holdMs;
    if (encoding >= this.#told) {
      this.#raise(encoding);
    }
    this.#settle();
  }

  close(): void {
    this.#lowering?.cancel();
  }

  get #highestWanted(): number {
    return Math.max(-1, ...this.#wanted.values());
  }

  /** The highest that is wanted, or expected to be. */
  get #highest(): number {
    const nowMs = this.#options.clock.now();

    return Math.max(
      this.#highestWanted,
      this.#expectedUntilMs.findLastIndex((untilMs) => nowMs < untilMs),
    );
  }

  #settle(): void {
    if (this.#highestWanted >= this.#told) {
      this.#raise(this.#highestWanted);
    } else if (this.#lowering === undefined) {
      const { clock } = this.#options;
      const sinceStartMs = clock.now() - this.#startedAtMs;
      this.#lowering = clock.schedule(Math.max(holdMs, graceMs - sinceStartMs), () => {
        this.#lowering = undefined;
        this.#tell(this.#highest);
        this.#settle();
      });
    }
  }

  /** Whatever was to be given up is not. */
  #raise(highest: number): void {
    this.#lowering?.cancel();
    this.#lowering = undefined;
    this.#tell(highest);
  }

  #tell(highest: number): void {
    if (highest !== this.#told) {
      this.#told = highest;
      this.#options.onWanted(this.told);
    }
  }
}
