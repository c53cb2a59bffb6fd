import type { Clock, Timer } from '@parley/kit';
import type { CallFeatureHost, CallStream } from '../features/callFeatureTypes.ts';
import type { MediaStatsSample } from './mediaStatsTypes.ts';
import { readingOf, type StatsReading } from './rtcStats.ts';
import { toSample } from './toSample.ts';

/** What one look at the statistics has found. */
export interface StatsLook {
  readonly sample: MediaStatsSample;
  readonly streams: readonly CallStream[];
  /** What the browser says itself. */
  readonly reading: StatsReading;
  /** Since the look before; of the first one without meaning, as there is nothing in it to compare. */
  readonly seconds: number;
}

interface StatsWatchOptions {
  host: Pick<CallFeatureHost, 'getStats' | 'streams'> & { readonly clock: Clock };
  intervalMs: number;
  /** `look` is undefined while there are no transports. */
  onLook: (look: StatsLook | undefined) => void;
}

/** Looks at the statistics of a call again and again while it runs. */
export class StatsWatch {
  readonly #options: StatsWatchOptions;
  #timer: Timer | undefined;
  #before: StatsReading | undefined;
  #lookedAt = 0;
  /** Undefined while stopped; tells a look that began before a stop from those after it. */
  #run: symbol | undefined;

  constructor(options: StatsWatchOptions) {
    this.#options = options;
  }

  /** Idempotent. */
  start(): void {
    if (this.#run === undefined) {
      this.#run = Symbol('run');
      void this.#look(this.#run);
    }
  }

  /** Idempotent. */
  stop(): void {
    this.#run = undefined;
    this.#timer?.cancel();
    this.#before = undefined;
  }

  async #look(run: symbol): Promise<void> {
    const { host, intervalMs, onLook } = this.#options;
    const beganAt = host.clock.now();
    const stats = await host.getStats();
    if (run !== this.#run) {
      return;
    }
    // A browser that is slow to answer is not asked twice at once, nor without a pause. A clock that was set does not matter.
    const now = host.clock.now();
    const delayMs = Math.min(intervalMs, Math.max(intervalMs / 2, beganAt + intervalMs - now));
    this.#timer = host.clock.schedule(delayMs, () => void this.#look(run));
    if (stats === undefined) {
      this.#before = undefined;
      onLook(undefined);
    } else {
      const { streams } = host;
      const reading = readingOf(stats);
      const sample = toSample(now, streams, reading, this.#before);
      const seconds = (now - this.#lookedAt) / 1000;
      this.#lookedAt = now;
      this.#before = reading;
      onLook({ sample, streams, reading, seconds });
    }
  }
}
