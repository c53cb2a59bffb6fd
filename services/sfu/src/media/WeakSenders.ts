import type { Clock } from '@parley/kit';

/**
 * mediasoup's score of a stream: 10 when all of it arrives, 8 with a twentieth lost, and below with more; 0 for an encoding
 * that nothing comes of.
 */
const weakBelow = 8;
const wellFrom = 9;

/** What is mended by then nobody need be told. */
const weakAfterMs = 4_000;
/** Longer, so that what comes and goes is told once. */
const wellAfterMs = 8_000;

interface Sender {
  readonly id: string;
  readonly streams: readonly {
    /** Of one that is paused, by its sender or on hold, nothing comes, and the score stays what it was. */
    readonly producer:
      { readonly paused: boolean; readonly score: readonly { readonly score: number }[] } | undefined;
  }[];
}

/** Whose media arrives here badly: the others cannot tell it from a fault of their own network. */
export class WeakSenders {
  readonly #clock: Clock;
  readonly #onChanged: (participantIds: readonly string[]) => void;
  readonly #weak = new Set<string>();
  /** Since when it is otherwise with somebody than was told. */
  readonly #since = new Map<string, number>();

  constructor(clock: Clock, onChanged: (participantIds: readonly string[]) => void) {
    this.#clock = clock;
    this.#onChanged = onChanged;
  }

  /** Costs the worker nothing: it tells each score when it changes. */
  look(senders: readonly Sender[]): void {
    const changed = senders.filter((sender) => this.#turns(sender));
    for (const { id } of changed) {
      if (!this.#weak.delete(id)) {
        this.#weak.add(id);
      }
    }
    if (changed.length > 0) {
      this.#onChanged([...this.#weak]);
    }
  }

  /** They have left, which is told otherwise. */
  forget(id: string): void {
    this.#weak.delete(id);
    this.#since.delete(id);
  }

  #turns(sender: Sender): boolean {
    const { id } = sender;
    const score = scoreOf(sender);
    const isWeak = this.#weak.has(id);
    // Somebody who sends nothing any more is weak no longer.
    const isOtherwise = isWeak ? score === undefined || score >= wellFrom : (score ?? wellFrom) < weakBelow;
    const now = this.#clock.now();
    const since = this.#since.get(id) ?? now;
    if (isOtherwise && now - since < (isWeak ? wellAfterMs : weakAfterMs)) {
      this.#since.set(id, since);
    } else {
      this.#since.delete(id);
    }

    return isOtherwise && !this.#since.has(id);
  }
}

/** Of the stream that fares worst, its best encoding: those that are not sent have none. */
function scoreOf({ streams }: Sender): number | undefined {
  const scores = streams
    .flatMap(({ producer }) => (producer === undefined || producer.paused ? [] : producer))
    .map((producer) => Math.max(0, ...producer.score.map(({ score }) => score)))
    .filter((score) => score > 0);

  return scores.length === 0 ? undefined : Math.min(...scores);
}
