/** A pending timeout; `cancel()` after it fired does nothing. */
export interface Timer {
  /** Does nothing when it has fired or was cancelled. */
  cancel(): void;
}

/** Time as a dependency, so that unit tests can move it by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `callback` once after `delayMs` milliseconds. */
  schedule(delayMs: number, callback: () => void): Timer;
}

// Named here because kit knows neither the DOM nor Node, and both have these two.
declare function setTimeout(callback: () => void, delayMs: number): unknown;
declare function clearTimeout(handle: unknown): void;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);

    return { cancel: () => clearTimeout(handle) };
  },
};
