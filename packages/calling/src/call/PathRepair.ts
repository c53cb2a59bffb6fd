import { InterruptibleClock, retry, type Clock, type Timer } from '@parley/kit';
import type { PathState } from '../media/pathState.ts';
import { untilGivenUp } from '../signaling/reconnectDelays.ts';

/** How long a restart may take to find a path: some round trips, and the browser's time for a relay over TCP. */
const connectTimeoutMs = 4_000;

interface PathRepairOptions {
  /** Asks the server for new ICE credentials and has the browser use them. Rejects when that cannot be done now. */
  restart: () => Promise<void>;
  clock: Clock;
  onChanged: () => void;
  /** Every try was in vain. */
  onFailed: () => void;
}

/**
 * Finds a new path for the media of one call when the old one is lost: restarts ICE at once, and again after longer and
 * longer pauses. While the connection to the server is lost it rests, for the way back brings a restart of its own.
 */
export class PathRepair {
  readonly #options: PathRepairOptions;
  readonly #pauses: InterruptibleClock;
  #isBroken = false;
  /** Tells the tries of one loss from those of another. */
  #run = 0;
  #restarting: Promise<void> | undefined;
  #onConnected: () => void = () => {};

  constructor(options: PathRepairOptions) {
    this.#options = options;
    this.#pauses = new InterruptibleClock(options.clock);
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  pathChanged(state: PathState): void {
    if (state === 'connected') {
      this.#onConnected();
      this.#setBroken(false);
    } else if (this.#isBroken) {
      // What is being tried has failed already; the next try need not wait for its time.
      this.#onConnected();
    } else {
      this.#setBroken(true);
      void this.#repair();
    }
  }

  /** The path in use may lead nowhere, which the browser finds out only by and by. */
  networkChanged(): void {
    if (this.#isBroken) {
      this.#pauses.interrupt();
    } else {
      this.#restart().catch(() => {});
    }
  }

  /** The connection to the server is lost. */
  rest(): void {
    this.#run += 1;
    this.#pauses.interrupt();
  }

  /** The connection is back, and ICE was restarted with it. */
  goOn(): void {
    if (this.#isBroken) {
      void this.#repair(this.#connected());
    }
  }

  /** Idempotent. */
  close(): void {
    this.rest();
    this.#isBroken = false;
  }

  /** @param begun A restart that was made already. */
  async #repair(begun?: Promise<void>): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    const isWanted = (): boolean => this.#isBroken && run === this.#run;
    try {
      await retry(
        async (attempt) => {
          if (isWanted()) {
            await (attempt === 1 && begun !== undefined
              ? begun
              : this.#restart().then(() => this.#connected()));
          }
        },
        { policy: untilGivenUp, isRetryable: isWanted, clock: this.#pauses },
      );
    } catch {
      if (isWanted()) {
        this.#options.onFailed();
      }
    }
  }

  #restart(): Promise<void> {
    this.#restarting ??= this.#options.restart().finally(() => {
      this.#restarting = undefined;
    });

    return this.#restarting;
  }

  /** Resolves when there is a path; rejects when there was none for a while. */
  #connected(): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined;
      const decide = (): void => {
        timer?.cancel();
        // Asked only when the state has been set.
        queueMicrotask(() => (this.#isBroken ? reject(new Error('There is no path yet.')) : resolve()));
      };
      timer = this.#pauses.schedule(connectTimeoutMs, decide);
      this.#onConnected = decide;
    });
  }

  #setBroken(isBroken: boolean): void {
    if (isBroken !== this.#isBroken) {
      this.#isBroken = isBroken;
      this.#options.onChanged();
    }
  }
}
