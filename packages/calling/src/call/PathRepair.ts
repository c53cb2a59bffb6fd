import {
  createStateMachine,
  InterruptibleClock,
  retry,
  TokenBucket,
  type Clock,
  type Timer,
} from '@parley/kit';
import { refusedForMs } from '../errors.ts';
import type { PathState } from '../media/pathState.ts';
import { untilGivenUp } from '../signaling/reconnectDelays.ts';

/** How long a restart may take to find a path: some round trips, and the browser's time for a relay over TCP. */
const connectTimeoutMs = 4_000;

/**
 * How long new transports may take to find a path: a browser that has nothing to try, such as a relay, never says that it
 * has failed.
 */
const firstPathTimeoutMs = 15_000;

/**
 * Of the restarts that only the network gives cause to: browsers tell of a changed network with each new estimate of its
 * speed as well, and the server allows a participant one restart in ten seconds.
 */
const unprovokedRestarts = { capacity: 2, perSecond: 0.1 };

const transitions = {
  watching: ['resting', 'closed'],
  resting: ['watching', 'closed'],
  closed: [],
} as const;

interface PathRepairOptions {
  /**
   * Asks the server for new ICE credentials and has the browser use them. Rejects when that cannot be done now. Without it
   * a path that has failed is lost for good.
   */
  restart: (() => Promise<void>) | undefined;
  clock: Clock;
  onChanged: () => void;
  /** Every try was in vain. */
  onFailed: () => void;
}

/**
 * Finds a new path for the media of one call when the old one is lost: restarts ICE at once, and again after longer and
 * longer pauses. While the connection to the server is lost it rests, however the path is: nobody could be asked, and the
 * way back brings a restart of its own.
 *
 *               rest()
 *     watching ────────▶ resting ─── close() ──▶ closed, from watching too
 *         ◀────────────────
 *               goOn()
 */
export class PathRepair {
  readonly #options: PathRepairOptions;
  readonly #pauses: InterruptibleClock;
  readonly #unprovoked: TokenBucket;
  readonly #machine = createStateMachine<keyof typeof transitions>({
    name: 'path repair',
    initial: 'watching',
    transitions,
  });
  #isBroken = false;
  /** Tells the tries of one loss from those of another. */
  #run = 0;
  #restarting: Promise<void> | undefined;
  /** When new transports are taken for failed. */
  #deadline: Timer | undefined;
  /** Whether there is a path now need not be waited for any longer. */
  #onDecided: () => void = () => {};

  constructor(options: PathRepairOptions) {
    const { clock } = options;
    this.#options = options;
    this.#pauses = new InterruptibleClock(clock);
    this.#unprovoked = new TokenBucket({ ...unprovokedRestarts, clock });
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** There are new transports, over which a path is being looked for. */
  opened(): void {
    this.#deadline?.cancel();
    if (this.#isBroken && this.#options.restart !== undefined) {
      if (this.#machine.state === 'watching') {
        void this.#repair('restarted');
      }
    } else if (this.#machine.state !== 'closed') {
      this.#expect();
    }
  }

  pathChanged(state: PathState): void {
    if (this.#machine.state === 'closed') {
      return;
    }
    this.#deadline?.cancel();
    const wasBroken = this.#isBroken;
    this.#setBroken(state !== 'connected');
    if (!this.#isBroken) {
      this.#endRun();
    } else if (this.#options.restart === undefined) {
      // While the connection is lost there is still its way back, which finds a path too.
      if (state === 'failed' && this.#machine.state === 'watching') {
        this.#options.onFailed();
      }
    } else if (wasBroken) {
      // What is being tried has failed already; the next try need not wait for its time.
      this.#onDecided();
    } else if (this.#machine.state === 'watching') {
      void this.#repair();
    }
  }

  /** The path in use may lead nowhere, which the browser finds out only by and by; or there may be one now. */
  networkChanged(): void {
    if (this.#options.restart === undefined || this.#machine.state !== 'watching') {
      return;
    }
    if (this.#restarting !== undefined || this.#unprovoked.take() > 0) {
      return;
    }
    if (this.#isBroken) {
      void this.#repair();
    } else {
      this.#restart().catch(() => {});
    }
  }

  /** The connection to the server is lost. */
  rest(): void {
    if (this.#machine.canGo('resting')) {
      this.#machine.go('resting');
      this.#endRun();
    }
  }

  /** The connection is back, and ICE was restarted with it. */
  goOn(): void {
    if (this.#machine.canGo('watching')) {
      this.#machine.go('watching');
      if (this.#isBroken) {
        this.opened();
      }
    }
  }

  /** Idempotent. */
  close(): void {
    if (this.#machine.canGo('closed')) {
      this.#machine.go('closed');
      this.#deadline?.cancel();
      this.#isBroken = false;
      this.#endRun();
    }
  }

  /** A path is being looked for, of which the browser may say nothing. */
  #expect(): void {
    this.#deadline = this.#options.clock.schedule(firstPathTimeoutMs, () => this.pathChanged('failed'));
  }

  #endRun(): void {
    this.#run += 1;
    this.#pauses.interrupt();
  }

  async #repair(begun: 'restarted' | 'untried' = 'untried'): Promise<void> {
    this.#endRun();
    const run = this.#run;
    const isWanted = (): boolean => this.#isBroken && run === this.#run;
    try {
      await retry(
        async (attempt) => {
          if (isWanted()) {
            await (attempt === 1 && begun === 'restarted' ? undefined : this.#restart());
            await this.#connected();
          }
        },
        { policy: untilGivenUp, isRetryable: isWanted, leastDelayMs: refusedForMs, clock: this.#pauses },
      );
    } catch {
      if (isWanted()) {
        this.#options.onFailed();
      }
    }
  }

  async #restart(): Promise<void> {
    this.#restarting ??= this.#options.restart?.().finally(() => {
      this.#restarting = undefined;
    });

    await this.#restarting;
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
      this.#onDecided = decide;
    });
  }

  #setBroken(isBroken: boolean): void {
    if (isBroken !== this.#isBroken) {
      this.#isBroken = isBroken;
      this.#options.onChanged();
    }
  }
}
