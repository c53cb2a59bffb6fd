import type { Clock } from '@parley/kit';

/** How soon after one another workers die that are killed by the same. */
const windowMs = 30_000;

/** How soon after it has begun to be sent something kills a worker. */
const suspicionMs = 10_000;

/**
 * The workers that died under one call, and whether the call is held to have killed them. What kills a worker takes all
 * calls on it along to the next, so most of those that see two die have nothing to do with it. Suspect is a call in which
 * something new began to be sent just before the first death; and, just before the next, whatever it was once more.
 */
export class WorkerLosses {
  readonly #clock: Clock;
  #beganAtMs = -Infinity;
  #sentAtMs = -Infinity;
  /** When a worker died under the call while it was suspect. */
  #suspectAtMs = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something is about to be sent, for the first time or over another transport again. */
  sends(isAgain: boolean): void {
    this.#sentAtMs = this.#clock.now();
    if (!isAgain) {
      this.#beganAtMs = this.#sentAtMs;
    }
  }

  /** One more worker has died; answers whether the call may be given another. */
  add(): 'bearable' | 'unstable' {
    const nowMs = this.#clock.now();
    const wasSuspect = nowMs - this.#suspectAtMs < windowMs;
    const isSuspect = nowMs - (wasSuspect ? this.#sentAtMs : this.#beganAtMs) < suspicionMs;
    this.#suspectAtMs = isSuspect ? nowMs : -Infinity;

    return wasSuspect && isSuspect ? 'unstable' : 'bearable';
  }
}
