import type { CallFeatureHost } from '../features/callFeatureTypes.ts';
import { MediaStatsCollectorImpl } from './MediaStatsCollectorImpl.ts';
import type { MediaStats, MediaStatsCollector, MediaStatsCollectorOptions } from './mediaStatsTypes.ts';

export class MediaStatsImpl implements MediaStats {
  readonly #host: CallFeatureHost;
  readonly #collectors = new Set<MediaStatsCollector>();

  constructor(host: CallFeatureHost) {
    this.#host = host;
    host.onEnd(() => this.#collectors.forEach((collector) => collector.dispose()));
  }

  createCollector(options: MediaStatsCollectorOptions = {}): MediaStatsCollector {
    const { aggregationInterval = 10, dataPointsPerAggregation = 6 } = options;
    assertWithin('aggregationInterval', aggregationInterval, 3600);
    assertWithin('dataPointsPerAggregation', dataPointsPerAggregation, 1000);
    this.#host.assertLive();
    const collector: MediaStatsCollector = new MediaStatsCollectorImpl({
      host: this.#host,
      options: { aggregationInterval, dataPointsPerAggregation },
      onDisposed: () => this.#collectors.delete(collector),
    });
    this.#collectors.add(collector);

    return collector;
  }
}

function assertWithin(name: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw new TypeError(`${name} must be a whole number from 1 to ${max}.`);
  }
}
