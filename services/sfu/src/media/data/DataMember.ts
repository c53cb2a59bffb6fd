import { randomUUID } from 'node:crypto';
import { dataChannels, type DataChannelKind } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { DataRate, DropRate } from './DataRate.ts';

export interface DataMemberOptions {
  readonly participantId: string;
  readonly userId: string;
  readonly number: number;
  /** That of the user, whose devices share it. */
  readonly rate: DataRate;
  readonly drops: DropRate;
}

/** One participant with data channels: at most one producer of each, and the consumers of what the others send. */
export class DataMember {
  readonly participantId: string;
  readonly userId: string;
  /** Tells the participant's own consumers apart from those of others, to which alone their messages go. */
  readonly number: number;
  readonly rate: DataRate;
  readonly drops: DropRate;
  /** Whether their role lets them send; what they send otherwise is dropped. */
  isAllowed = true;
  readonly #ids = new Map<DataChannelKind, string>(dataChannels.map((channel) => [channel, randomUUID()]));
  readonly #producers = new Map<DataChannelKind, types.DataProducer>();
  readonly #consumers = new Set<types.DataConsumer>();
  #isOnHold = false;

  constructor({ participantId, userId, number, rate, drops }: DataMemberOptions) {
    this.participantId = participantId;
    this.userId = userId;
    this.number = number;
    this.rate = rate;
    this.drops = drops;
  }

  get maySend(): boolean {
    return this.isAllowed && !this.#isOnHold;
  }

  /** The id of what is sent over the channel, on whichever transport. */
  idOf(channel: DataChannelKind): string {
    return this.#ids.get(channel) ?? '';
  }

  producerOf(channel: DataChannelKind): types.DataProducer | undefined {
    return this.#producers.get(channel);
  }

  addProducer(channel: DataChannelKind, producer: types.DataProducer): void {
    this.#producers.set(channel, producer);
    producer.observer.once('close', () => {
      if (this.#producers.get(channel) === producer) {
        this.#producers.delete(channel);
      }
    });
  }

  addConsumer(consumer: types.DataConsumer): void {
    this.#consumers.add(consumer);
    consumer.observer.once('close', () => this.#consumers.delete(consumer));
    if (this.#isOnHold) {
      consumer.pause().catch(() => {});
    }
  }

  /** On hold no message goes either way. */
  setOnHold(isOnHold: boolean): void {
    this.#isOnHold = isOnHold;
    for (const consumer of this.#consumers) {
      const asked = isOnHold ? consumer.pause() : consumer.resume();
      asked.catch(() => {});
    }
  }

  close(): void {
    this.#producers.forEach((producer) => producer.close());
  }
}
