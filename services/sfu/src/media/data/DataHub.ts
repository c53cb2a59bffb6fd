import { randomUUID } from 'node:crypto';
import { TokenBucket, type Clock } from '@parley/kit';
import {
  dataChannels,
  maxDataMessageBytes,
  ProtocolError,
  stampDataMessage,
  type DataChannelKind,
  type DataConsumerInfo,
  type SctpStreamParameters,
} from '@parley/protocol';
import type { types } from 'mediasoup';
import type { DirectSite } from '../DirectSite.ts';
import type { CallMediaOptions } from '../mediaTypes.ts';
import { DataRate, DropRate, type DataLimits } from './DataRate.ts';
import { DataMember } from './DataMember.ts';
import { DataSite } from './DataSite.ts';

export interface DataHubOptions {
  readonly limits: DataLimits;
  readonly clock: Clock;
  readonly userOf?: CallMediaOptions['userOf'];
  /** The participant floods the call with what is dropped. */
  readonly onFlood: (participantId: string) => void;
}

export interface DataProduction {
  readonly channel: DataChannelKind;
  readonly sctpStreamParameters: SctpStreamParameters;
}

/** mediasoup's subchannels, by which members are told apart. */
const maxMembers = 0x1_0000;

/**
 * Takes the messages of every participant of a call to all the others, two channels for everyone instead of two for
 * each pair. Each message passes this process, which puts before it who sent it, so that nobody can speak for another,
 * and drops what is too large or too much. ADR 0016.
 */
export class DataHub {
  readonly #options: DataHubOptions;
  readonly #ids: Readonly<Record<DataChannelKind, string>> = { ordered: randomUUID(), lossy: randomUUID() };
  readonly #sites = new Map<types.Router, Promise<DataSite>>();
  /** Those that can be sent to. */
  readonly #open = new Set<DataSite>();
  readonly #members = new Map<string, DataMember>();
  readonly #callRate: TokenBucket;
  #passed = 0;
  #dropped = 0;

  constructor(options: DataHubOptions) {
    this.#options = options;
    const { callMessagesPerSecond: perSecond } = options.limits;
    this.#callRate = new TokenBucket({ capacity: perSecond, perSecond, clock: options.clock });
  }

  get stats(): { readonly passed: number; readonly dropped: number } {
    return { passed: this.#passed, dropped: this.#dropped };
  }

  /** What the participant receives of everyone else, over this transport. */
  async receive(
    participantId: string,
    site: DirectSite,
    transport: types.Transport,
  ): Promise<DataConsumerInfo[]> {
    const member = this.#member(participantId);
    const dataSite = await this.#at(site);

    return Promise.all(
      dataChannels.map(async (channel) => {
        const consumer = await dataSite.consume(transport, channel, member.number);
        member.addConsumer(consumer);

        return toDataConsumerInfo(consumer, channel);
      }),
    );
  }

  /**
   * What the participant sends over this transport goes to everyone else. Answers the data producer's id, which is the
   * same when the channel is produced again after a loss; rejects with `invalid_state` while it is being sent.
   */
  async produce(
    participantId: string,
    site: DirectSite,
    transport: types.Transport,
    { channel, sctpStreamParameters }: DataProduction,
  ): Promise<string> {
    const sender = this.#member(participantId);
    if (sender.producerOf(channel) !== undefined) {
      throw new ProtocolError('invalid_state', `The ${channel} data channel is open already.`);
    }
    const dataSite = await this.#at(site);
    const producer = await transport.produceData({
      id: sender.idOf(channel),
      sctpStreamParameters: withoutUndefined(sctpStreamParameters),
      label: channel,
    });
    try {
      sender.addProducer(channel, producer);
      await dataSite.hear(producer, (message) => this.#pass(sender, channel, message));

      return producer.id;
    } catch (error) {
      producer.close();
      throw error;
    }
  }

  /** Whether the role of the participant lets them send; what they send otherwise is dropped. */
  allow(participantId: string, isAllowed: boolean): void {
    const sender = this.#members.get(participantId);
    if (sender !== undefined) {
      sender.isAllowed = isAllowed;
    }
  }

  /** On hold no message goes to or from the participant. */
  setOnHold(participantId: string, isOnHold: boolean): void {
    this.#members.get(participantId)?.setOnHold(isOnHold);
  }

  /** The participant is gone. */
  forget(participantId: string): void {
    this.#members.get(participantId)?.close();
    this.#members.delete(participantId);
  }

  closeSite({ router }: DirectSite): void {
    const opening = this.#sites.get(router);
    this.#sites.delete(router);
    opening?.then(
      (site) => this.#close(site),
      () => {},
    );
  }

  #close(site: DataSite): void {
    this.#open.delete(site);
    site.close();
  }

  #pass(sender: DataMember, channel: DataChannelKind, message: Buffer): void {
    const isPresent = this.#members.get(sender.participantId) === sender;
    if (!isPresent || !sender.maySend || !this.#isWithinLimits(sender, message)) {
      this.#dropped += 1;
      if (isPresent && sender.drops.add() === 'flood') {
        this.#options.onFlood(sender.participantId);
      }

      return;
    }
    this.#passed += 1;
    const stamped = Buffer.from(stampDataMessage(sender.participantId, message).buffer);
    for (const site of this.#open) {
      site.send(channel, stamped, sender.number);
    }
  }

  #isWithinLimits({ rate }: DataMember, message: Buffer): boolean {
    return (
      message.length <= maxDataMessageBytes && rate.allows(message.length) && this.#callRate.take() === 0
    );
  }

  #member(participantId: string): DataMember {
    const existing = this.#members.get(participantId);
    if (existing !== undefined) {
      return existing;
    }
    const { limits, clock, userOf } = this.#options;
    const userId = userOf?.(participantId) ?? participantId;
    const otherDevice = [...this.#members.values()].find((other) => other.userId === userId);
    const member = new DataMember({
      participantId,
      userId,
      number: this.#freeNumber(),
      rate: otherDevice?.rate ?? new DataRate(limits, clock),
      drops: new DropRate(clock),
    });
    this.#members.set(participantId, member);

    return member;
  }

  #freeNumber(): number {
    const taken = new Set([...this.#members.values()].map(({ number }) => number));
    for (let number = 0; number < maxMembers; number += 1) {
      if (!taken.has(number)) {
        return number;
      }
    }
    throw new ProtocolError('unavailable', 'There are too many participants for data channels.');
  }

  #at(site: DirectSite): Promise<DataSite> {
    const existing = this.#sites.get(site.router);
    if (existing !== undefined) {
      return existing;
    }
    const opening = this.#openAt(site);
    this.#sites.set(site.router, opening);
    opening.catch(() => this.#sites.delete(site.router));

    return opening;
  }

  async #openAt(site: DirectSite): Promise<DataSite> {
    const opened = await DataSite.open(site, this.#ids);
    this.#open.add(opened);

    return opened;
  }
}

function toDataConsumerInfo(
  { id, dataProducerId, sctpStreamParameters }: types.DataConsumer,
  channel: DataChannelKind,
): DataConsumerInfo {
  if (sctpStreamParameters === undefined) {
    throw new ProtocolError('internal', 'The data consumer is not one of SCTP.');
  }

  return { id, dataProducerId, channel, sctpStreamParameters };
}

/** mediasoup's types know no fields that are there and undefined. */
function withoutUndefined({
  streamId,
  ordered,
  maxPacketLifeTime,
  maxRetransmits,
}: SctpStreamParameters): types.SctpStreamParameters {
  return {
    streamId,
    ...(ordered === undefined ? {} : { ordered }),
    ...(maxPacketLifeTime === undefined ? {} : { maxPacketLifeTime }),
    ...(maxRetransmits === undefined ? {} : { maxRetransmits }),
  };
}
