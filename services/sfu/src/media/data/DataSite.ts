import { dataChannels, type DataChannelKind } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { DirectSite } from '../DirectSite.ts';

/** RFC 8831: the payload protocol identifiers of messages without a byte, which SCTP cannot send without one. */
const emptyMessages: readonly number[] = [56, 57];

const nothing = Buffer.alloc(0);

/**
 * `ordered` arrives whatever it takes, `lossy` soon or not at all. A number of retransmissions would not do: mediasoup 3.27
 * takes none for no limit.
 */
const reliabilityOf = {
  ordered: { ordered: true },
  lossy: { ordered: false, maxPacketLifeTime: 150 },
} as const satisfies Record<DataChannelKind, Partial<types.DataConsumerOptions>>;

/** The data channels of a call at one of its sites: what everyone there receives, and what is heard of them. */
export class DataSite {
  readonly #transport: types.DirectTransport;
  readonly #outlets: ReadonlyMap<DataChannelKind, types.DataProducer>;

  private constructor(
    transport: types.DirectTransport,
    outlets: ReadonlyMap<DataChannelKind, types.DataProducer>,
  ) {
    this.#transport = transport;
    this.#outlets = outlets;
  }

  /** @param ids Of the channels, the same at every site. */
  static async open(site: DirectSite, ids: Readonly<Record<DataChannelKind, string>>): Promise<DataSite> {
    const transport = await site.directTransport();
    const outlets = await Promise.all(
      dataChannels.map(
        async (channel) =>
          [channel, await transport.produceData({ id: ids[channel], label: channel })] as const,
      ),
    );

    return new DataSite(transport, new Map(outlets));
  }

  /** To everyone at the site but those whose number it is. */
  send(channel: DataChannelKind, message: Buffer, ignoredNumber: number): void {
    const outlet = this.#outlets.get(channel);
    if (outlet?.closed === false) {
      outlet.send(message, undefined, undefined, undefined, ignoredNumber);
    }
  }

  /** What the participant of that number is to receive over the transport. */
  async consume(
    transport: types.Transport,
    channel: DataChannelKind,
    number: number,
  ): Promise<types.DataConsumer> {
    return transport.consumeData({
      dataProducerId: this.#outlets.get(channel)?.id ?? '',
      subchannels: [number],
      ...reliabilityOf[channel],
    });
  }

  /** Brings the messages of a producer of this site into this process, as long as it lasts. */
  async hear(producer: types.DataProducer, onMessage: (message: Buffer) => void): Promise<void> {
    const consumer = await this.#transport.consumeData({ dataProducerId: producer.id });
    consumer.on('message', (message, ppid) => onMessage(emptyMessages.includes(ppid) ? nothing : message));
  }

  close(): void {
    this.#outlets.forEach((outlet) => outlet.close());
  }
}
