import type { Clock, Timer } from '@parley/kit';

interface Scheduled {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Time that moves when it is told to. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  readonly #scheduled = new Set<Scheduled>();

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#scheduled.size;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const scheduled = { atMs: this.#nowMs + delayMs, callback };
    this.#scheduled.add(scheduled);

    return { cancel: () => void this.#scheduled.delete(scheduled) };
  }

  advance(ms: number): void {
    this.#nowMs += ms;
    const due = [...this.#scheduled].filter(({ atMs }) => atMs <= this.#nowMs);
    for (const scheduled of due.toSorted((a, b) => a.atMs - b.atMs)) {
      if (this.#scheduled.delete(scheduled)) {
        scheduled.callback();
      }
    }
  }
}
