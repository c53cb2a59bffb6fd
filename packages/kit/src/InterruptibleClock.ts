import type { Clock, Timer } from './clock.ts';

/** A clock whose waits can all be cut short. */
export class InterruptibleClock implements Clock {
  readonly #clock: Clock;
  readonly #wakers = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const cancel = (): void => {
      timer.cancel();
      this.#wakers.delete(wake);
    };
    const wake = (): void => {
      cancel();
      callback();
    };
    const timer = this.#clock.schedule(delayMs, wake);
    this.#wakers.add(wake);

    return { cancel };
  }

  /** Whatever is waited for happens now. */
  interrupt(): void {
    this.#wakers.forEach((wake) => wake());
  }
}
