import {
  kindOfSource,
  ProtocolError,
  type ConsumerInfo,
  type MediaOffer,
  type MediaParameters,
  type RestartedIce,
} from '@parley/protocol';
import type { types } from 'mediasoup';
import { mediaError } from './mediaError.ts';
import type { ParticipantMedia, ProduceOptions } from './mediaTypes.ts';
import {
  toConsumerInfo,
  toMediasoupCapabilities,
  toMediasoupParameters,
  toTransportParameters,
} from './rtpMapping.ts';
import { transportOptions } from './transportOptions.ts';
import type { ProducerOwner } from './watchSpeakers.ts';

/** The most streams one participant receives at a time. */
const maxConsumers = 200;

interface Parts {
  readonly participantId: string;
  readonly offer: MediaOffer;
  readonly router: types.Router;
  readonly audioLevels: types.AudioLevelObserver;
}

/**
 * Chromium drops a key-frame request that follows another within 300 ms, and mediasoup asks again only after a
 * second: somebody who joins just after somebody else would wait that long for the first frame.
 */
const keyFrameRequestDelayMs = 350;

/** One participant's two transports, and what goes through them. */
export class MediasoupParticipantMedia implements ParticipantMedia {
  readonly #parts: Parts;
  readonly #send: types.WebRtcTransport;
  readonly #receive: types.WebRtcTransport;
  readonly #producers = new Map<string, types.Producer>();
  /** By the id of the producer each one forwards. */
  readonly #consumers = new Map<string, types.Consumer>();

  private constructor(parts: Parts, send: types.WebRtcTransport, receive: types.WebRtcTransport) {
    this.#parts = parts;
    this.#send = send;
    this.#receive = receive;
  }

  static async create(
    options: Parts & { webRtcServer: types.WebRtcServer },
  ): Promise<MediasoupParticipantMedia> {
    const { webRtcServer, ...parts } = options;
    const open = () => openTransport(parts.router, webRtcServer, parts.offer);
    const opened = await Promise.allSettled([open(), open()]);
    const [send, receive] = opened;
    if (send.status === 'fulfilled' && receive.status === 'fulfilled') {
      return new MediasoupParticipantMedia(parts, send.value, receive.value);
    }
    for (const outcome of opened) {
      if (outcome.status === 'fulfilled') {
        outcome.value.close();
      }
    }
    throw opened.find((outcome) => outcome.status === 'rejected')?.reason;
  }

  get parameters(): MediaParameters {
    return {
      sendTransport: toTransportParameters(this.#send),
      receiveTransport: toTransportParameters(this.#receive),
      consumers: [...this.#consumers.values()].map(toConsumerInfo),
      dataConsumers: [],
    };
  }

  async produce({ transportId, source, rtpParameters, paused }: ProduceOptions): Promise<string> {
    if (transportId !== this.#send.id) {
      throw new ProtocolError('invalid_state', 'That is not the present send transport.');
    }
    const owner: ProducerOwner = { participantId: this.#parts.participantId };
    const kind = kindOfSource[source];
    const parameters = toMediasoupParameters(kind, rtpParameters);
    const producer = await this.#ask(() =>
      this.#send.produce({
        kind,
        rtpParameters: parameters,
        paused,
        appData: owner,
        keyFrameRequestDelay: keyFrameRequestDelayMs,
      }),
    );
    if (this.#send.closed) {
      producer.close();
      throw new ProtocolError('call_not_found');
    }
    this.#producers.set(producer.id, producer);
    producer.observer.once('close', () => this.#producers.delete(producer.id));
    if (source === 'microphone') {
      // Whether the worker hears it is no reason to refuse the stream; it fails only when that is gone again.
      this.#parts.audioLevels.addProducer({ producerId: producer.id }).catch(() => {});
    }

    return producer.id;
  }

  async pauseProducer(producerId: string): Promise<void> {
    await this.#ask(() => this.#producer(producerId).pause());
  }

  async resumeProducer(producerId: string): Promise<void> {
    await this.#ask(() => this.#producer(producerId).resume());
  }

  closeProducer(producerId: string): void {
    this.#producer(producerId).close();
  }

  async consume(producerIds: readonly string[]): Promise<ConsumerInfo[]> {
    const { router, offer } = this.#parts;
    const rtpCapabilities = toMediasoupCapabilities(offer.rtpCapabilities);
    const wanted = [...new Set(producerIds)].filter(
      (producerId) => !this.#producers.has(producerId) && router.canConsume({ producerId, rtpCapabilities }),
    );
    const added = wanted.filter((producerId) => !this.#consumers.has(producerId));
    if (this.#consumers.size + added.length > maxConsumers) {
      throw new ProtocolError(
        'invalid_state',
        `A participant receives at most ${maxConsumers} streams at a time.`,
      );
    }
    const consumers = await Promise.all(
      wanted.map((producerId) => this.#consumer(producerId, rtpCapabilities)),
    );

    return consumers.filter((consumer) => consumer !== undefined).map(toConsumerInfo);
  }

  async resumeConsumers(consumerIds: readonly string[]): Promise<void> {
    await this.#forEach(consumerIds, (consumer) => consumer.resume());
  }

  async pauseConsumers(consumerIds: readonly string[]): Promise<void> {
    await this.#forEach(consumerIds, (consumer) => consumer.pause());
  }

  closeConsumers(consumerIds: readonly string[]): void {
    for (const consumer of this.#consumersOf(consumerIds)) {
      consumer.close();
    }
  }

  async setViewports(): Promise<void> {}

  async produceData(): Promise<string> {
    throw new ProtocolError('not_supported');
  }

  async restartIce(): Promise<RestartedIce> {
    const [sendIceParameters, receiveIceParameters] = await this.#ask(() =>
      Promise.all([this.#send.restartIce(), this.#receive.restartIce()]),
    );

    return { sendIceParameters, receiveIceParameters };
  }

  async setOnHold(): Promise<void> {}

  close(): void {
    this.#send.close();
    this.#receive.close();
  }

  #producer(producerId: string): types.Producer {
    const producer = this.#producers.get(producerId);
    if (producer === undefined) {
      throw new ProtocolError('not_found', 'There is no such producer.');
    }

    return producer;
  }

  /** Undefined when the producer went away in the meantime, or is of a making that nobody can receive. */
  async #consumer(
    producerId: string,
    rtpCapabilities: types.RtpCapabilities,
  ): Promise<types.Consumer | undefined> {
    const existing = this.#consumers.get(producerId);
    if (existing !== undefined) {
      return existing;
    }
    try {
      const consumer = await this.#receive.consume({ producerId, rtpCapabilities, paused: true });
      if (this.#receive.closed) {
        consumer.close();

        return undefined;
      }
      this.#consumers.set(producerId, consumer);
      consumer.observer.once('close', () => this.#consumers.delete(producerId));

      return consumer;
    } catch (error) {
      const reason = mediaError(error);
      if (reason.code === 'unavailable') {
        throw reason;
      }

      return undefined;
    }
  }

  #consumersOf(consumerIds: readonly string[]): types.Consumer[] {
    const wanted = new Set(consumerIds);

    return [...this.#consumers.values()].filter((consumer) => wanted.has(consumer.id));
  }

  async #forEach(
    consumerIds: readonly string[],
    action: (consumer: types.Consumer) => Promise<void>,
  ): Promise<void> {
    await Promise.all(
      this.#consumersOf(consumerIds).map(async (consumer) => {
        try {
          await action(consumer);
        } catch (error) {
          // The worker may have closed it with its producer and not have said so yet.
          const reason = mediaError(error);
          if (!consumer.closed && reason.code !== 'not_found') {
            throw reason;
          }
        }
      }),
    );
  }

  async #ask<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw mediaError(error);
    }
  }
}

/** The client opens the DTLS association (RFC 5763: it is active), so both ends may start without a further word. */
async function openTransport(
  router: types.Router,
  webRtcServer: types.WebRtcServer,
  offer: MediaOffer,
): Promise<types.WebRtcTransport> {
  const transport = await router.createWebRtcTransport(transportOptions(webRtcServer));
  // The worker compares with its own upper-case spelling; RFC 8122 lets the client choose.
  const fingerprints = offer.dtlsFingerprints.map(({ algorithm, value }) => ({
    algorithm,
    value: value.toUpperCase(),
  }));

  try {
    await transport.connect({ dtlsParameters: { role: 'client', fingerprints } });
  } catch (error) {
    transport.close();
    throw error;
  }

  return transport;
}
