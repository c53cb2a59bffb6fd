import type { types } from 'mediasoup';
import { transportStats } from './transportStats.ts';

export interface TrafficTotals {
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly packetsReceived: number;
  readonly packetsSent: number;
  /** Sent by clients, and never arrived here. */
  readonly receivedPacketsLost: number;
  /** Sent from here, and never arrived at the clients, as they report. */
  readonly sentPacketsLost: number;
}

interface Open {
  readonly transports: readonly types.Transport[];
  readonly producers: readonly types.Producer[];
  readonly consumers: readonly types.Consumer[];
}

type Totals = { -readonly [Name in keyof TrafficTotals]: number };

/**
 * What has gone through the media of this node, added up whenever somebody looks. What a transport has carried since
 * the last look before it closed is not known any more: the totals are a little less than the truth, and never shrink.
 */
export class Traffic {
  readonly #totals: Totals = {
    bytesReceived: 0,
    bytesSent: 0,
    packetsReceived: 0,
    packetsSent: 0,
    receivedPacketsLost: 0,
    sentPacketsLost: 0,
  };
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
    const { transports, producers, consumers } = this.#open();
    await Promise.all([
      ...transports.map(async (transport) => {
        const { bytesReceived = 0, bytesSent = 0 } = await transportStats(transport);
        this.#add(transport, { bytesReceived, bytesSent });
      }),
      ...producers.map(async (producer) => {
        const { packets, lost } = sum(await producer.getStats().catch(() => []));
        this.#add(producer, { packetsReceived: packets, receivedPacketsLost: lost });
      }),
      ...consumers.map(async (consumer) => {
        const stats = await consumer.getStats().catch(() => []);
        // Those of the stream it is fed from are counted with the producer.
        const { packets, lost } = sum(stats.filter(({ type }) => type === 'outbound-rtp'));
        this.#add(consumer, { packetsSent: packets, sentPacketsLost: lost });
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

function sum(stats: readonly (types.ProducerStat | types.ConsumerStat)[]): { packets: number; lost: number } {
  return {
    packets: stats.reduce((total, { packetCount }) => total + packetCount, 0),
    lost: stats.reduce((total, { packetsLost }) => total + packetsLost, 0),
  };
}
