import { ProtocolError, type ConsumerInfo } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { CallSite } from './CallSite.ts';
import { mediaError } from './mediaError.ts';
import type { Viewport } from './mediaTypes.ts';
import { skipGone, superfluousVideos, type Link, type Reception } from './Reception.ts';
import { toConsumerInfo } from './rtpMapping.ts';
import type { Stream } from './Stream.ts';

export interface ReceptionsOptions {
  readonly participantId: string;
  readonly rtpCapabilities: types.RtpCapabilities;
  /** The most there may be. */
  readonly limit: number;
  /** These were made without the client having asked for them just now. */
  readonly onAdded: (consumers: readonly ConsumerInfo[]) => void;
  /** These are gone though their streams are not. */
  readonly onClosed: (consumerIds: readonly string[]) => void;
  /** Its consumer came or went, or is to carry something or nothing from now on, or is shown in another size. */
  readonly onChanged: (reception: Reception) => void;
}

/**
 * What one participant receives: which streams it is to have, and the consumer of each as far as there is one. The
 * first survives transports and workers; the second is made again from it.
 */
export class Receptions {
  readonly #options: ReceptionsOptions;
  readonly #byStream = new Map<string, Reception>();
  /** Asked for by a client that was back after a restart before their senders were. */
  readonly #awaited = new Set<string>();
  #link: Link | undefined;
  #isOnHold = false;
  #isCatchingUp = false;
  /** The most pictures there may be consumers for; the others wait until there may be more. */
  #videoLimit = Infinity;

  constructor(options: ReceptionsOptions) {
    this.#options = options;
  }

  get all(): readonly Reception[] {
    return [...this.#byStream.values()];
  }

  get consumers(): ConsumerInfo[] {
    return this.all.flatMap(({ consumer }) => (consumer === undefined ? [] : [toConsumerInfo(consumer)]));
  }

  /** The client is to receive these as soon, and as often, as they are sent; it is told of each consumer. */
  want(streams: readonly Stream[]): void {
    streams.forEach((stream) => this.#reception(stream));
    this.#catchUp();
  }

  /** Not forwarded to the client any more, which is told. */
  refuse(streamIds: readonly string[]): void {
    this.#end(streamIds.flatMap((id) => this.#byStream.get(id) ?? []));
    streamIds.forEach((id) => this.#byStream.delete(id));
  }

  /**
   * The client asks for these: answers the consumers of those that are sent now, the others come when they are.
   *
   * @param awaited Ids of streams that nobody has sent yet.
   */
  async consume(streams: readonly Stream[], awaited: readonly string[] = []): Promise<ConsumerInfo[]> {
    const asked = streams.map(({ id }) => id);
    const all = new Set([...this.#byStream.keys(), ...this.#awaited, ...asked, ...awaited]);
    const { limit } = this.#options;
    if (all.size > limit) {
      throw new ProtocolError('invalid_state', `A participant receives at most ${limit} streams at a time.`);
    }
    awaited.forEach((id) => this.#awaited.add(id));
    const receptions = streams.map((stream) => this.#reception(stream));
    const made = await Promise.all(receptions.map((reception) => this.#make(reception)));

    return made.filter((consumer) => consumer !== undefined).map(toConsumerInfo);
  }

  /** Somebody sends the stream, now or again. */
  streamOpened(stream: Stream): void {
    if (this.#awaited.delete(stream.id)) {
      this.#reception(stream);
    }
    if (this.#byStream.has(stream.id)) {
      this.#catchUp();
    }
  }

  /** Nobody sends the stream for the time being. */
  streamLost({ id }: Stream): void {
    const reception = this.#byStream.get(id);
    if (reception !== undefined) {
      this.#end([reception]);
    }
  }

  /** The stream is over; its consumer is gone with it, as the client knows. */
  streamClosed({ id }: Stream): void {
    const consumer = this.#byStream.get(id)?.consumer;
    this.#byStream.delete(id);
    consumer?.close();
  }

  /** Whether packets are forwarded to the client. */
  isFlowing({ consumer, isPaused, isOwn }: Reception): boolean {
    return consumer !== undefined && !isPaused && !isOwn && !this.#isOnHold;
  }

  async resume(consumerIds: readonly string[]): Promise<void> {
    await this.#forEach(consumerIds, (reception) => {
      reception.isPaused = false;

      return this.#flow(reception);
    });
  }

  async pause(consumerIds: readonly string[]): Promise<void> {
    await this.#forEach(consumerIds, (reception) => {
      reception.isPaused = true;

      return this.#flow(reception);
    });
  }

  /** The worker is asked before this returns, so that what it is sent next finds the stream so. */
  setOwn(streamId: string, isOwn: boolean): void {
    const reception = this.#byStream.get(streamId);
    if (reception !== undefined && reception.isOwn !== isOwn) {
      reception.isOwn = isOwn;
      // A worker that is gone has no packets either.
      this.#flow(reception).catch(() => {});
    }
  }

  close(consumerIds: readonly string[]): void {
    for (const { stream, consumer } of this.#of(consumerIds)) {
      this.#byStream.delete(stream.id);
      consumer.close();
    }
  }

  /** Of these streams, or of all that is received. */
  requestKeyFrames(streamIds: readonly string[] = [...this.#byStream.keys()]): void {
    for (const id of streamIds) {
      const reception = this.#byStream.get(id);
      if (reception?.stream.kind === 'video' && this.isFlowing(reception)) {
        // One that is closed meanwhile needs none.
        reception.consumer?.requestKeyFrame().catch(() => {});
      }
    }
  }

  setViewports(viewports: readonly Viewport[]): void {
    for (const viewport of viewports) {
      for (const { reception } of this.#of([viewport.consumerId])) {
        reception.viewport = viewport;
        this.#options.onChanged(reception);
      }
    }
  }

  async setOnHold(isOnHold: boolean): Promise<void> {
    this.#isOnHold = isOnHold;
    await Promise.all(this.all.map((reception) => this.#flow(reception)));
  }

  has(streamId: string): boolean {
    return this.#byStream.has(streamId);
  }

  /** Closes the least important pictures beyond that number; they come back, unasked, when there may be more. */
  setVideoLimit(limit: number): void {
    this.#videoLimit = limit;
    this.#end([...this.#superfluous]);
    this.#catchUp();
  }

  /** The streams arrive over this transport now: resolves when each that is sent has its consumer. */
  async attach(site: CallSite, transport: types.Transport): Promise<void> {
    this.#link = { site, transport, isRunning: false };
    await Promise.all(this.all.map((reception) => this.#make(reception)));
  }

  /** The client has been told of the transport and of what was made; from now on it is told of what is added. */
  run(): void {
    if (this.#link !== undefined) {
      this.#link.isRunning = true;
      this.#catchUp();
    }
  }

  /** The transport is gone, with all that arrived over it. Idempotent. */
  detach(): void {
    this.#link = undefined;
    for (const reception of this.all) {
      reception.consumer?.close();
      reception.isPaused = true;
    }
  }

  /** Forwards packets, or none, as all that counts says. */
  async #flow(reception: Reception): Promise<void> {
    const { consumer } = reception;
    if (consumer !== undefined) {
      const asked = skipGone(consumer, () =>
        this.isFlowing(reception) ? consumer.resume() : consumer.pause(),
      );
      this.#options.onChanged(reception);
      await asked;
    }
  }

  #reception(stream: Stream): Reception {
    const existing = this.#byStream.get(stream.id);
    if (existing !== undefined) {
      return existing;
    }
    const reception: Reception = {
      stream,
      isPaused: true,
      isOwn: false,
      viewport: undefined,
      consumer: undefined,
      making: undefined,
    };
    this.#byStream.set(stream.id, reception);

    return reception;
  }

  /** Makes what is missing in batches: what comes up while one is being made is told together with the next. */
  #catchUp(): void {
    if (!this.#isCatchingUp) {
      this.#isCatchingUp = true;
      void this.#makeMissing();
    }
  }

  async #makeMissing(): Promise<void> {
    for (let missing = this.#missing; missing.length > 0; missing = this.#missing) {
      const made = await Promise.allSettled(missing.map((reception) => this.#make(reception)));
      const consumers = made.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? (outcome.value ?? []) : [],
      );
      const present = consumers.filter(({ closed }) => !closed);
      if (present.length > 0 && this.#link?.isRunning === true) {
        this.#options.onAdded(present.map(toConsumerInfo));
      }
    }
    this.#isCatchingUp = false;
  }

  get #missing(): Reception[] {
    const link = this.#link;
    if (link?.isRunning !== true || link.site.isClosed) {
      return [];
    }

    const superfluous = this.#superfluous;

    return this.all.filter(
      (reception) =>
        reception.consumer === undefined &&
        reception.making === undefined &&
        !superfluous.has(reception) &&
        reception.stream.originFor(link.site.router) !== undefined,
    );
  }

  get #superfluous(): ReadonlySet<Reception> {
    return superfluousVideos(this.all, this.#videoLimit);
  }

  /** Undefined when the stream is not sent now, went away meanwhile, or is of a making that nobody can receive. */
  async #make(reception: Reception): Promise<types.Consumer | undefined> {
    const link = this.#link;
    if (reception.consumer !== undefined || link === undefined || this.#superfluous.has(reception)) {
      return reception.consumer;
    }
    if (reception.making?.link !== link) {
      const consumer = this.#create(reception, link).finally(() => {
        if (reception.making?.link === link) {
          reception.making = undefined;
        }
      });
      reception.making = { link, consumer };
    }

    return reception.making.consumer;
  }

  async #create(reception: Reception, link: Link): Promise<types.Consumer | undefined> {
    const { stream } = reception;
    const isWanted = (): boolean => this.#link === link && this.#byStream.get(stream.id) === reception;
    try {
      const release = await link.site.hold(stream);
      if (release === undefined) {
        return this.#giveUp(reception, stream.originFor(link.site.router) !== undefined);
      }
      const consumer = await this.#consume(stream, link).catch((error: unknown) => {
        release();
        throw error;
      });
      consumer?.observer.once('close', () => {
        release();
        if (reception.consumer === consumer) {
          reception.consumer = undefined;
          this.#options.onChanged(reception);
        }
      });
      if (consumer === undefined) {
        release();

        return this.#giveUp(reception, true);
      }
      if (!isWanted()) {
        consumer.close();

        return undefined;
      }
      reception.isPaused = true;
      reception.consumer = consumer;
      this.#options.onChanged(reception);

      return consumer;
    } catch (error) {
      const reason = mediaError(error);
      if (reason.code === 'unavailable') {
        throw reason;
      }

      return this.#giveUp(reception, stream.originFor(link.site.router) !== undefined && isWanted());
    }
  }

  /** Undefined when the client does not understand the stream. */
  async #consume({ id: producerId }: Stream, { site, transport }: Link): Promise<types.Consumer | undefined> {
    const { rtpCapabilities } = this.#options;
    if (!site.router.canConsume({ producerId, rtpCapabilities })) {
      return undefined;
    }

    return transport.consume({ producerId, rtpCapabilities, paused: true });
  }

  /** A stream that is sent and cannot be received will not be tried again. */
  #giveUp({ stream }: Reception, isHopeless: boolean): undefined {
    if (isHopeless) {
      this.#byStream.delete(stream.id);
    }
  }

  #end(receptions: readonly Reception[]): void {
    const consumers = receptions.flatMap(({ consumer }) => consumer ?? []);
    consumers.forEach((consumer) => consumer.close());
    if (consumers.length > 0 && this.#link?.isRunning === true) {
      this.#options.onClosed(consumers.map(({ id }) => id));
    }
  }

  #of(consumerIds: readonly string[]): { reception: Reception; stream: Stream; consumer: types.Consumer }[] {
    const wanted = new Set(consumerIds);

    return this.all.flatMap((reception) =>
      reception.consumer !== undefined && wanted.has(reception.consumer.id)
        ? [{ reception, stream: reception.stream, consumer: reception.consumer }]
        : [],
    );
  }

  async #forEach(
    consumerIds: readonly string[],
    action: (reception: Reception) => Promise<void>,
  ): Promise<void> {
    await Promise.all(this.#of(consumerIds).map(({ reception }) => action(reception)));
  }
}
