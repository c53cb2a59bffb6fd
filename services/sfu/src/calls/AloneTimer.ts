import type { Clock, Timer } from '@parley/kit';

export interface AloneTimerOptions {
  readonly clock: Clock;
  /** 0 is no patience at all. */
  readonly timeoutMs: number;
  readonly onExpired: () => void;
}

/** How long somebody has been alone in a group call. It begins anew whenever somebody else came, or rang. */
export class AloneTimer {
  readonly #options: AloneTimerOptions;
  #timer: Timer | undefined;

  constructor(options: AloneTimerOptions) {
    this.#options = options;
  }

  /** Says how it is now; may end the call before it returns. */
  update(isAlone: boolean): void {
    const { clock, timeoutMs, onExpired } = this.#options;
    if (!isAlone) {
      this.close();
    } else if (timeoutMs === 0) {
      onExpired();
    } else {
      this.#timer ??= clock.schedule(timeoutMs, onExpired);
    }
  }

  /** Idempotent. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
