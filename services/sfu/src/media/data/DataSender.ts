import { randomUUID } from 'node:crypto';
import { dataChannels, type DataChannelKind } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { DataRate } from './DataRate.ts';

/** What one participant sends over data channels: at most one producer of each, and what of it goes on. */
export class DataSender {
  readonly participantId: string;
  /** Tells the participant's own consumers apart from those of others, to which alone their messages go. */
  readonly number: number;
  readonly rate: DataRate;
  /** Whether their role lets them; what they send otherwise is dropped. */
  isAllowed = true;
  readonly #ids = new Map<DataChannelKind, string>(dataChannels.map((channel) => [channel, randomUUID()]));
  readonly #producers = new Map<DataChannelKind, types.DataProducer>();

  constructor(participantId: string, number: number, rate: DataRate) {
    this.participantId = participantId;
    this.number = number;
    this.rate = rate;
  }

  /** The id of what is sent over the channel, on whichever transport. */
  idOf(channel: DataChannelKind): string {
    return this.#ids.get(channel) ?? '';
  }

  producerOf(channel: DataChannelKind): types.DataProducer | undefined {
    return this.#producers.get(channel);
  }

  add(channel: DataChannelKind, producer: types.DataProducer): void {
    this.#producers.set(channel, producer);
    producer.observer.once('close', () => {
      if (this.#producers.get(channel) === producer) {
        this.#producers.delete(channel);
      }
    });
  }

  close(): void {
    this.#producers.forEach((producer) => producer.close());
  }
}
