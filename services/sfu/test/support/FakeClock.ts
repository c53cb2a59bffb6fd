import type { Clock, Timer } from '@parley/kit';

interface Scheduled {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Time that moves when it is told to. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  /** The delays that were asked for, in order. */
  readonly delays: number[] = [];
  readonly #scheduled = new Set<Scheduled>();

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#scheduled.size;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    this.delays.push(delayMs);
    const scheduled = { atMs: this.#nowMs + delayMs, callback };
    this.#scheduled.add(scheduled);

    return { cancel: () => void this.#scheduled.delete(scheduled) };
  }

  advance(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let due = this.#nextBy(untilMs); due !== undefined; due = this.#nextBy(untilMs)) {
      this.#nowMs = due.atMs;
      this.#scheduled.delete(due);
      due.callback();
    }
    this.#nowMs = untilMs;
  }

  #nextBy(untilMs: number): Scheduled | undefined {
    const due = [...this.#scheduled].filter(({ atMs }) => atMs <= untilMs);

    return due.toSorted((a, b) => a.atMs - b.atMs)[0];
  }
}
