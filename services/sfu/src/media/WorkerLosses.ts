import type { Clock } from '@parley/kit';

/** A call whose workers die this soon after one another is held to be what kills them. */
const windowMs = 30_000;

/** The workers that died under one call. */
export class WorkerLosses {
  readonly #clock: Clock;
  #lastAtMs: number | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One more worker has died; answers whether the call had better not be given another. */
  add(): 'single' | 'repeated' {
    const nowMs = this.#clock.now();
    const isRepeated = this.#lastAtMs !== undefined && nowMs - this.#lastAtMs < windowMs;
    this.#lastAtMs = nowMs;

    return isRepeated ? 'repeated' : 'single';
  }
}
