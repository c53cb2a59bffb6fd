import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { Aggregation } from './Aggregation.ts';
import { ListenedSource } from './ListenedSource.ts';
import type {
  MediaStatsCollector,
  MediaStatsCollectorEvents,
  MediaStatsCollectorOptions,
  MediaStatsSample,
} from './mediaStatsTypes.ts';
import { StatsWatch } from './StatsWatch.ts';

const sampleMs = 1_000;

interface CollectorImplOptions {
  host: CallFeatureHost;
  options: Required<MediaStatsCollectorOptions>;
  onDisposed: () => void;
}

export class MediaStatsCollectorImpl
  extends ListenedSource<MediaStatsCollectorEvents>
  implements MediaStatsCollector
{
  readonly #options: CollectorImplOptions;
  readonly #watch: StatsWatch;
  #phase: 'usable' | 'disposed' = 'usable';
  #samples: MediaStatsSample[] = [];
  #aggregation = new Aggregation();
  /** When the present aggregation interval began. */
  #since: number | undefined;

  constructor(options: CollectorImplOptions) {
    super();
    this.#options = options;
    this.#watch = new StatsWatch({
      host: options.host,
      intervalMs: sampleMs,
      onLook: (look) => this.#take(look?.sample),
    });
  }

  dispose(): void {
    if (this.#phase === 'usable') {
      this.#phase = 'disposed';
      this.onIdle();
      this.#options.onDisposed();
    }
  }

  protected override onListened(): void {
    if (this.#phase === 'usable') {
      this.#watch.start();
    }
  }

  protected override onIdle(): void {
    this.#watch.stop();
    this.#samples = [];
    this.#aggregation = new Aggregation();
    this.#since = undefined;
  }

  #take(sample: MediaStatsSample | undefined): void {
    const now = this.#options.host.clock.now();
    this.#since ??= now;
    if (now - this.#since >= this.#options.options.aggregationInterval * 1000) {
      this.#since = now;
      this.#close(now);
    }
    if (sample !== undefined) {
      this.#samples.push(sample);
      this.emit('sampleReported', sample);
    }
  }

  /** An aggregation interval is over. */
  #close(now: number): void {
    const aggregation = this.#aggregation;
    aggregation.add(this.#samples);
    this.#samples = [];
    if (aggregation.points >= this.#options.options.dataPointsPerAggregation) {
      this.#aggregation = new Aggregation();
      this.emit('summaryReported', aggregation.summary(now));
    }
  }
}
