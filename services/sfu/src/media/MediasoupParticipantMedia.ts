import {
  ProtocolError,
  type DataConsumerInfo,
  type MediaOffer,
  type MediaParameters,
  type MediaSource,
  type MediaState,
  type ProducerInfo,
  type RestartedIce,
} from '@parley/protocol';
import { sheddingRetrySeconds, sheds, type Shedding } from '../workers/shedding.ts';
import type { CallSite } from './CallSite.ts';
import type { DataHub } from './data/DataHub.ts';
import { askWorker } from './mediaError.ts';
import type { MediaLimits } from './mediaLimits.ts';
import type {
  Consumed,
  ParticipantMedia,
  ProduceDataOptions,
  ProduceOptions,
  Viewport,
} from './mediaTypes.ts';
import { ParticipantPlace } from './ParticipantPlace.ts';
import type { ParticipantSurroundings } from './ParticipantSurroundings.ts';
import type { ParticipantTransports } from './ParticipantTransports.ts';
import { Receptions } from './Receptions.ts';
import { toMediasoupCapabilities } from './rtpMapping.ts';
import type { SentStream } from './SentStream.ts';
import { SentStreams } from './SentStreams.ts';
import type { Tally } from './SentTallies.ts';
import type { Size } from './video/pictureLayers.ts';

export interface ParticipantMediaOptions {
  readonly id: string;
  readonly offer: MediaOffer;
  readonly producers: readonly ProducerInfo[] | undefined;
  readonly limits: MediaLimits;
  readonly data: DataHub;
  /** Pictures that are left to each participant when there must be fewer. */
  readonly fewerVideos: number;
  readonly surroundings: ParticipantSurroundings;
}

/**
 * What one participant sends and receives. The transports come and go with the worker they are on; what goes through
 * them is remembered here, and comes to be again on those that follow.
 */
export class MediasoupParticipantMedia implements ParticipantMedia {
  readonly id: string;
  readonly offer: MediaOffer;
  readonly receptions: Receptions;
  readonly #data: DataHub;
  readonly #fewerVideos: number;
  readonly #surroundings: ParticipantSurroundings;
  readonly #streams: SentStreams;
  readonly #place = new ParticipantPlace();
  #dataConsumers: readonly DataConsumerInfo[] = [];
  /** Of pictures, bits per second; undefined for as much as the network takes. */
  #maxReceiveBitrate: number | undefined;

  constructor(options: ParticipantMediaOptions) {
    const { id, offer, producers, limits, data, fewerVideos, surroundings } = options;
    this.id = id;
    this.offer = offer;
    this.#data = data;
    this.#fewerVideos = fewerVideos;
    this.#surroundings = surroundings;
    this.#streams = new SentStreams({ participantId: id, producers, maxEncodings: limits.encodings });
    this.receptions = new Receptions({
      participantId: id,
      rtpCapabilities: toMediasoupCapabilities(offer.rtpCapabilities),
      limit: limits.consumers,
      onAdded: (consumers) => surroundings.onConsumersAdded(consumers),
      onClosed: (consumerIds) => surroundings.onConsumersClosed(consumerIds),
      onChanged: (reception) => surroundings.onReceptionChanged(reception),
    });
  }

  get isClosed(): boolean {
    return this.#place.isClosed;
  }

  /** Something else each time they begin or end a way from one site to another. */
  get place(): object {
    return this.#place.version;
  }

  /** Undefined while they are on the way from one to another. */
  get site(): CallSite | undefined {
    return this.#place.attachment?.site;
  }

  /** Whether the client knows where it is: otherwise whoever takes them there sees to it. */
  get isAttached(): boolean {
    return this.#place.isAttached;
  }

  /** Undefined while they are on the way from one to another. */
  get transports(): ParticipantTransports | undefined {
    return this.#place.attachment?.transports;
  }

  get streams(): readonly SentStream[] {
    return this.#streams.all;
  }

  /** What has come of each source so far. */
  tallies(): Promise<ReadonlyMap<MediaSource, Tally>> {
    return this.#streams.tallies();
  }

  get parameters(): MediaParameters {
    return {
      ...this.#place.known.transports.parameters,
      iceServers: this.#surroundings.iceServers(),
      consumers: this.receptions.consumers,
      dataConsumers: [...this.#dataConsumers],
    };
  }

  get moving(): Promise<void> | undefined {
    return this.#place.moving;
  }

  get state(): MediaState | undefined {
    return this.isAttached
      ? { ...this.parameters, encodingsWanted: this.#surroundings.encodingsWanted(this.streams) }
      : undefined;
  }

  /** The transports are theirs from now on; resolves when everything that can be received has its consumer. */
  async attach(site: CallSite, transports: ParticipantTransports): Promise<void> {
    if (!this.#place.arrive({ site, transports })) {
      transports.close();

      return;
    }
    // Otherwise a decoder waits three seconds for what was lost before it asks for a new beginning.
    transports.onRerouted((direction) =>
      direction === 'send'
        ? this.#surroundings.onSendingResumed(this.streams)
        : this.receptions.requestKeyFrames(),
    );
    this.shed();
    const isTheirs = (): boolean => this.transports === transports;
    try {
      const [dataConsumers] = await Promise.all([
        this.offer.sctpStreams === undefined ? [] : this.#data.receive(this.id, site, transports.receive),
        this.receptions.attach(site, transports.receive),
        this.#maxReceiveBitrate === undefined ? undefined : this.#limitReceiving(transports),
      ]);
      if (isTheirs()) {
        this.#dataConsumers = dataConsumers;
      }
    } catch (error) {
      // Whoever has left meanwhile has closed what was being made for them.
      if (isTheirs()) {
        throw error;
      }
    }
  }

  /** The load of the worker has changed. */
  shed(): void {
    this.receptions.setVideoLimit(this.#sheds('fewerVideos') ? this.#fewerVideos : Infinity);
  }

  /** The client is told of its transports in this turn, and afterwards of what is added. */
  run(): void {
    if (this.#place.run()) {
      this.receptions.run();
    }
  }

  /** What they receive is gone. The first half of `detach`, for all who move, so that none is told of each other. */
  stopReceiving(): void {
    this.receptions.detach();
  }

  /** The transports are gone, or about to be replaced. Idempotent. */
  detach(): void {
    const left = this.#place.leave();
    if (left === undefined) {
      return;
    }
    this.receptions.detach();
    const sent = this.streams.filter(({ producer }) => producer !== undefined);
    sent.forEach((stream) => stream.lose());
    left.transports.close();
    sent.forEach((stream) => this.#surroundings.onStreamLost(stream));
  }

  async produce({ transportId, ...stream }: ProduceOptions): Promise<string> {
    this.#surroundings.onSending(this.streams.some(({ source }) => source === stream.source));
    const sent = await this.#place.sendOver(transportId, (over) => this.#streams.produce(stream, over));
    this.#surroundings.onStreamOpened(sent);

    return sent.id;
  }

  async pauseProducer(producerId: string): Promise<void> {
    await this.#streams.pause(producerId);
  }

  async resumeProducer(producerId: string): Promise<void> {
    await this.#streams.resume(producerId);
  }

  resizeProducer(producerId: string, size: Size): void {
    const stream = this.#streams.find(producerId);
    stream.size = size;
    this.#surroundings.onStreamResized(stream);
  }

  closeProducer(producerId: string): void {
    this.#close(this.#streams.find(producerId));
  }

  async consume(producerIds: readonly string[]): Promise<Consumed> {
    const ids = [...new Set(producerIds)];
    const known = ids.flatMap((id) => this.#surroundings.find(id) ?? []);
    const streams = known.filter(({ participantId }) => participantId !== this.id);
    const isNew = streams.some(({ kind, id }) => kind === 'video' && !this.receptions.has(id));
    if (isNew && this.#sheds('noNewVideo')) {
      throw new ProtocolError('unavailable', 'The media worker has no room for another picture.', {
        retryAfterSeconds: sheddingRetrySeconds,
      });
    }
    const consumers = await this.receptions.consume(
      streams,
      ids.filter((id) => !known.some((stream) => stream.id === id)),
    );
    const unavailable = known.filter(({ id }) => !this.receptions.has(id)).map(({ id }) => id);

    return { consumers, unavailable };
  }

  async resumeConsumers(consumerIds: readonly string[]): Promise<void> {
    await this.receptions.resume(consumerIds);
  }

  async pauseConsumers(consumerIds: readonly string[]): Promise<void> {
    await this.receptions.pause(consumerIds);
  }

  closeConsumers(consumerIds: readonly string[]): void {
    this.receptions.close(consumerIds);
  }

  async setViewports(viewports: readonly Viewport[]): Promise<void> {
    this.receptions.setViewports(viewports);
  }

  async setMaxReceiveBitrate(maxBitrate: number | undefined): Promise<void> {
    this.#maxReceiveBitrate = maxBitrate;
    const transports = this.transports;
    try {
      await this.#limitReceiving(transports);
    } catch (error) {
      // Those that follow are limited as they arrive.
      if (this.transports === transports) {
        throw error;
      }
    }
  }

  async produceData({ transportId, ...production }: ProduceDataOptions): Promise<string> {
    return this.#place.sendOver(transportId, ({ site, send }) =>
      askWorker(() => this.#data.produce(this.id, site, send, production)),
    );
  }

  allowData(isAllowed: boolean): void {
    this.#data.allow(this.id, isAllowed);
  }

  async restartIce(): Promise<RestartedIce> {
    return this.#place.restartIce();
  }

  async setOnHold(isOnHold: boolean): Promise<void> {
    this.#data.setOnHold(this.id, isOnHold);
    await Promise.all([this.receptions.setOnHold(isOnHold), this.#streams.setOnHold(isOnHold)]);
  }

  close(): void {
    if (this.isClosed) {
      return;
    }
    const left = this.#place.close();
    this.receptions.detach();
    left?.transports.close();
    this.streams.forEach((stream) => this.#close(stream));
    this.#data.forget(this.id);
    this.#surroundings.onClosed();
  }

  async #limitReceiving(transports: ParticipantTransports | undefined): Promise<void> {
    // mediasoup's word for no limit is 0.
    await askWorker(async () => transports?.receive.setMaxOutgoingBitrate(this.#maxReceiveBitrate ?? 0));
  }

  #sheds(step: Shedding): boolean {
    return this.site !== undefined && sheds(this.#surroundings.sheddingAt(this.site), step);
  }

  #close(stream: SentStream): void {
    this.#streams.close(stream);
    this.#surroundings.onStreamClosed(stream);
  }
}
