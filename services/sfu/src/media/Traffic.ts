import type { types } from 'mediasoup';
import { transportStats } from './transportStats.ts';

export interface TrafficTotals {
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
}

interface Open {
  readonly transports: readonly types.Transport[];
  readonly producers: readonly types.Producer[];
}

type Totals = { -readonly [Name in keyof TrafficTotals]: number };

/**
 * What has gone through the media of this node, added up whenever somebody looks. What a transport has carried since
 * the last look before it closed is not known any more: the totals are a little less than the truth, and never shrink.
 */
export class Traffic {
  readonly #totals: Totals = { bytesReceived: 0, bytesSent: 0, packetsReceived: 0, packetsLost: 0 };
  readonly #seen = new WeakMap<object, Partial<Totals>>();
  readonly #open: () => Open;
  #looking: Promise<TrafficTotals> | undefined;

  constructor(open: () => Open) {
    this.#open = open;
  }

  /** Those who ask at the same time share one look. */
  look(): Promise<TrafficTotals> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));

    return this.#looking;
  }

  async #look(): Promise<TrafficTotals> {
    const { transports, producers } = this.#open();
    await Promise.all([
      ...transports.map(async (transport) => {
        const { bytesReceived = 0, bytesSent = 0 } = await transportStats(transport);
        this.#add(transport, { bytesReceived, bytesSent });
      }),
      ...producers.map(async (producer) => {
        const stats = await producer.getStats().catch(() => []);
        const sum = (read: (stat: types.ProducerStat) => number): number =>
          stats.reduce((total, stat) => total + read(stat), 0);
        this.#add(producer, {
          packetsReceived: sum(({ packetCount }) => packetCount),
          packetsLost: sum(({ packetsLost }) => packetsLost),
        });
      }),
    ]);

    return { ...this.#totals };
  }

  #add(source: object, counts: Partial<Totals>): void {
    const before = this.#seen.get(source) ?? {};
    this.#seen.set(source, counts);
    for (const [name, count] of Object.entries(counts) as [keyof Totals, number][]) {
      this.#totals[name] += Math.max(0, count - (before[name] ?? 0));
    }
  }
}
