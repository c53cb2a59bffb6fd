/** A pending timeout; `cancel()` after it fired does nothing. */
export interface Timer {
  /** Does nothing when it has fired or was cancelled. */
  cancel(): void;
}

/** Time as a dependency, so that unit tests can move it by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `callback` once after `delayMs` milliseconds; after 24 days when it is longer, which is as long as timers wait. */
  schedule(delayMs: number, callback: () => void): Timer;
}

// Named here because kit knows neither the DOM nor Node, and both have these two.
declare function setTimeout(callback: () => void, delayMs: number): unknown;
declare function clearTimeout(handle: unknown): void;

/** Browsers and Node run at once what is to wait for longer than a signed number of 32 bits can say. */
const longestMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, callback) {
    const handle = setTimeout(callback, Math.min(delayMs, longestMs));

    return { cancel: () => clearTimeout(handle) };
  },
};
