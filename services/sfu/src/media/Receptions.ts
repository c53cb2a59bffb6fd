import { ProtocolError, type ConsumerInfo } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { CallSite } from './CallSite.ts';
import { ConsumerSupply } from './ConsumerSupply.ts';
import type { Viewport } from './mediaTypes.ts';
import { skipGone, superfluousVideos, type Reception } from './Reception.ts';
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
  readonly #supply: ConsumerSupply;
  #isOnHold = false;
  /** The most pictures there may be consumers for; the others wait until there may be more. */
  #videoLimit = Infinity;

  constructor(options: ReceptionsOptions) {
    const { rtpCapabilities, onAdded, onChanged } = options;
    this.#options = options;
    this.#supply = new ConsumerSupply({
      rtpCapabilities,
      wanted: () => {
        const superfluous = this.#superfluous;

        return this.all.filter((reception) => !superfluous.has(reception));
      },
      onAdded,
      onChanged,
      onHopeless: ({ stream }) => this.#byStream.delete(stream.id),
    });
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
    this.#supply.catchUp();
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
    const made = await Promise.all(receptions.map((reception) => this.#supply.make(reception)));

    return made.filter((consumer) => consumer !== undefined).map(toConsumerInfo);
  }

  /** Somebody sends the stream, now or again. */
  streamOpened(stream: Stream): void {
    if (this.#awaited.delete(stream.id)) {
      this.#reception(stream);
    }
    if (this.#byStream.has(stream.id)) {
      this.#supply.catchUp();
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
    this.#supply.catchUp();
  }

  /** The streams arrive over this transport now: resolves when each that is sent has its consumer. */
  async attach(site: CallSite, transport: types.Transport): Promise<void> {
    await this.#supply.attach(site, transport);
  }

  /** The client has been told of the transport and of what was made; from now on it is told of what is added. */
  run(): void {
    this.#supply.run();
  }

  /** The transport is gone, with all that arrived over it. Idempotent. */
  detach(): void {
    this.#supply.detach();
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

  get #superfluous(): ReadonlySet<Reception> {
    return superfluousVideos(this.all, this.#videoLimit);
  }

  #end(receptions: readonly Reception[]): void {
    const consumers = receptions.flatMap(({ consumer }) => consumer ?? []);
    consumers.forEach((consumer) => consumer.close());
    if (consumers.length > 0 && this.#supply.isRunning) {
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
