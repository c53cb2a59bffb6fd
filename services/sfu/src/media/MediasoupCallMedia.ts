import type { Clock } from '@parley/kit';
import { ProtocolError, type EndReasonName, type MediaOffer, type ProducerInfo } from '@parley/protocol';
import type { Logger } from 'pino';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { sheds } from '../workers/shedding.ts';
import { CallForwarding, type ForwardingStats } from './CallForwarding.ts';
import { isAv1, type CallSite } from './CallSite.ts';
import { CallSites } from './CallSites.ts';
import { expectedVideos } from './expectedVideos.ts';
import { mediaError } from './mediaError.ts';
import type { MediaLimits } from './mediaLimits.ts';
import { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import { inspectParticipant } from './inspectMedia.ts';
import type {
  CallMedia,
  CallMediaDump,
  CallMediaListener,
  CallMediaOptions,
  ParticipantMedia,
} from './mediaTypes.ts';
import type { OpenTransports } from './ParticipantTransports.ts';
import type { Placement } from './Placement.ts';
import type { SentStream } from './SentStream.ts';
import { settle } from './settle.ts';
import { WorkerLosses } from './WorkerLosses.ts';

export type MoveCause = 'workerDeath' | 'workerMove';

export interface CallMediaSurroundings {
  readonly placement: Placement;
  readonly openTransports: OpenTransports;
  readonly limits: MediaLimits;
  readonly speakerIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** So many participants are on another worker, since theirs died or was relieved. */
  readonly onMoved: (cause: MoveCause, participants: number) => void;
  /** Called once, when nothing is left of it. */
  readonly onClosed: (call: MediasoupCallMedia) => void;
}

/** How often a participant or a call tries the next worker when one dies on the way in. */
const maxAttempts = 3;

/**
 * The media of one call: a site on each worker it spans, most often one, and the participants on them. When a worker
 * dies, or is to be relieved, the participants of its site are moved to another: `settle` says how.
 */
export class MediasoupCallMedia implements CallMedia {
  readonly id: string;
  readonly #surroundings: CallMediaSurroundings;
  readonly #listener: CallMediaListener;
  readonly #logger: Logger;
  readonly #sites: CallSites;
  readonly #forwarding: CallForwarding;
  readonly #losses: WorkerLosses;
  readonly #participants = new Map<string, MediasoupParticipantMedia>();
  /** What is sent or will be again, in the order in which it began. */
  readonly #streams = new Map<string, SentStream>();
  #isClosed = false;

  private constructor({ callId, settings, listener }: CallMediaOptions, surroundings: CallMediaSurroundings) {
    this.id = callId;
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#logger = surroundings.logger.child({ callId });
    this.#losses = new WorkerLosses(surroundings.clock);
    this.#forwarding = new CallForwarding({
      settings,
      dataLimits: surroundings.limits.data,
      speakerIntervalMs: surroundings.speakerIntervalMs,
      clock: surroundings.clock,
      listener,
      participants: () => [...this.#participants.values()],
      streams: () => [...this.#streams.values()],
      sites: () => this.#sites.open,
    });
    this.#sites = new CallSites({
      onOpened: async (site) => {
        this.#requireOpen();
        await this.#forwarding.openSite(site);
        this.#requireOpen();
      },
      onLost: (site) => this.#lose(site),
      onClosed: (site) => this.#forwarding.closeSite(site),
    });
  }

  /** Rejects when there is no worker for it. */
  static async create(
    options: CallMediaOptions,
    surroundings: CallMediaSurroundings,
  ): Promise<MediasoupCallMedia> {
    const call = new MediasoupCallMedia(options, surroundings);
    await call.#sites.on(surroundings.placement.forNewcomer([], { maySpan: true }));

    return call;
  }

  /** Its share in what the worker carries, beside that of other calls: transports and consumers. */
  weightOn(worker: MediaWorker): number {
    return this.#participantsOn(worker).reduce(
      (sum, { receptions, streams }) => sum + 2 + streams.length + receptions.consumers.length,
      0,
    );
  }

  get forwarding(): ForwardingStats {
    return this.#forwarding.stats;
  }

  get participants(): readonly MediasoupParticipantMedia[] {
    return [...this.#participants.values()];
  }

  async inspect(): Promise<CallMediaDump> {
    return {
      forwarding: this.forwarding,
      participants: await Promise.all(this.participants.map(inspectParticipant)),
    };
  }

  /** The worker's load has changed, and with it what is forwarded over it. */
  shed(worker: MediaWorker): void {
    this.#participantsOn(worker).forEach((participant) => participant.shed());
  }

  async addParticipant(
    participantId: string,
    offer: MediaOffer,
    producers?: readonly ProducerInfo[],
  ): Promise<ParticipantMedia> {
    const participant = this.#newParticipant(participantId, offer, producers);
    this.#participants.set(participantId, participant);
    participant.streams.forEach((stream) => this.#streams.set(stream.id, stream));
    this.#forwarding.resized();

    try {
      await this.#place(participant);
      this.#requireOpen();

      return participant;
    } catch (error) {
      participant.close();
      throw this.#isClosed ? new ProtocolError('call_not_found', undefined, { cause: error }) : error;
    }
  }

  /** Whether anything of it is on the worker. */
  isOn(worker: MediaWorker): boolean {
    return this.#sites.open.some((site) => site.worker === worker);
  }

  /** Relieves the worker of this call. Resolves when all participants have been told of their new transports. */
  async move(from: MediaWorker, to: MediaWorker): Promise<void> {
    const site = await this.#sites.on(to);
    // Again for those who came while the others were moved.
    for (let left = this.#participantsOn(from); left.length > 0; left = this.#participantsOn(from)) {
      this.#surroundings.onMoved('workerMove', left.length);
      await this.#settle(site, left).catch(async (error: unknown) => {
        const stranded = left.filter(({ isAttached, isClosed }) => !isAttached && !isClosed);
        if (stranded.length === 0) {
          throw error;
        }
        await this.#recover(stranded);
      });
    }
    this.#sites.open.filter(({ worker }) => worker === from).forEach((left) => this.#sites.close(left));
  }

  /** As `move`, to whichever worker has least to do. */
  async moveAway(from: MediaWorker): Promise<void> {
    const others = this.#sites.workers.filter((worker) => worker !== from);
    await this.move(from, this.#surroundings.placement.forMovers(others));
  }

  setSpotlight(participantIds: readonly string[]): void {
    this.#forwarding.setSpotlight(participantIds);
  }

  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#forwarding.close();
    this.#participants.forEach((participant) => participant.close());
    this.#sites.open.forEach((site) => this.#sites.close(site));
    this.#surroundings.onClosed(this);
  }

  /** Takes a newcomer to a worker, or to the next one when that dies under them. */
  async #place(participant: MediasoupParticipantMedia): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const site = await this.#siteForNewcomer();
      try {
        await this.#enter(participant, site);
        this.#closeDeserted();

        return;
      } catch (error) {
        participant.detach();
        if (!site.isClosed || this.#isClosed || attempt === maxAttempts) {
          throw mediaError(error);
        }
      }
    }
  }

  /** Gives a newcomer transports, and the consumers of what they are to receive from the start. */
  async #enter(participant: MediasoupParticipantMedia, site: CallSite): Promise<void> {
    const { openTransports, limits, placement } = this.#surroundings;
    const { id: participantId, offer, receptions } = participant;
    const transports = await openTransports({ site, participantId, offer, limits });
    const streams = this.#streamsFor(participantId);
    receptions.want(this.#forwarding.unaskedFor(participantId, streams));
    const isShort = sheds(placement.sheddingOf(site.worker), 'noNewVideo');
    receptions.want(
      expectedVideos(streams, this.#forwarding.speakers, isShort ? 0 : (offer.expectedVideos ?? 0)),
    );
    await participant.attach(site, transports);
    if (site.isClosed) {
      throw new ProtocolError('unavailable', 'The media worker is gone.');
    }
    participant.run();
  }

  async #siteForNewcomer(): Promise<CallSite> {
    const { placement } = this.#surroundings;
    await placement.isReadySoon();
    this.#requireOpen();
    const maySpan = ![...this.#streams.values()].some(({ producer }) => producer && isAv1(producer));

    return this.#sites.on(placement.forNewcomer(this.#sites.workers, { maySpan }));
  }

  /** mediasoup closes its workers by itself on SIGINT and SIGTERM: then it is over, and not to be mended. */
  #lose(site: CallSite): void {
    if (!site.worker.hasDied) {
      this.#fail('server_ended');

      return;
    }
    if (this.#losses.add() === 'repeated') {
      this.#fail('media_unstable');

      return;
    }
    const affected = this.#participantsOn(site.worker);
    affected.forEach((participant) => participant.stopReceiving());
    affected.forEach((participant) => participant.detach());
    if (affected.length > 0) {
      void this.#recover(affected);
    }
  }

  /** Takes those who have lost their site to another one. */
  async #recover(participants: readonly MediasoupParticipantMedia[]): Promise<void> {
    const { placement } = this.#surroundings;
    for (let attempt = 1; ; attempt += 1) {
      const isReady = await placement.isReadySoon();
      if (this.#isClosed) {
        return;
      }
      try {
        await this.#settle(
          await this.#sites.on(placement.forMovers(this.#sites.workers)),
          participants.filter(({ isClosed }) => !isClosed),
        );
        this.#surroundings.onMoved('workerDeath', participants.length);
        this.#logger.info({ participants: participants.length }, 'media moved after the loss of a worker');

        return;
      } catch (error) {
        if (this.#isClosed) {
          return;
        }
        // Anything else than one more death will not be better the next time.
        if (!isReady || attempt === maxAttempts || mediaError(error).code !== 'unavailable') {
          this.#logger.error({ err: error }, 'media not moved after the loss of a worker');
          this.#fail('media_failed');

          return;
        }
      }
    }
  }

  async #settle(site: CallSite, participants: readonly MediasoupParticipantMedia[]): Promise<void> {
    const { openTransports, limits } = this.#surroundings;
    site.worker.cpu.joined(participants.length);
    await settle(participants, {
      site,
      openTransports: ({ id, offer }) => openTransports({ site, participantId: id, offer, limits }),
      onSettled: (participant) => this.#listener.onReset(participant.id, participant.parameters),
    });
    this.#closeDeserted();
  }

  #newParticipant(
    id: string,
    offer: MediaOffer,
    producers: readonly ProducerInfo[] | undefined,
  ): MediasoupParticipantMedia {
    const participant = new MediasoupParticipantMedia({
      id,
      offer,
      producers,
      limits: this.#surroundings.limits,
      data: this.#forwarding.data,
      fewerVideos: this.#surroundings.placement.limits.fewerVideos,
      surroundings: {
        sheddingAt: ({ worker }) => this.#surroundings.placement.sheddingOf(worker),
        find: (producerId) => this.#streams.get(producerId),
        onStreamOpened: (stream) => {
          this.#streams.set(stream.id, stream);
          this.#forwarding.streamOpened(participant, stream);
        },
        onStreamLost: (stream) => this.#forwarding.streamLost(stream),
        onStreamClosed: (stream) => {
          this.#streams.delete(stream.id);
          this.#forwarding.streamClosed(stream);
        },
        onReceptionChanged: (reception) => this.#forwarding.changed(participant, reception),
        onConsumersAdded: (consumers) => this.#listener.onConsumersAdded(id, consumers),
        onConsumersClosed: (consumerIds) => this.#listener.onConsumersClosed(id, consumerIds),
        onClosed: () => {
          this.#participants.delete(id);
          this.#closeDeserted();
          if (!this.#isClosed) {
            this.#forwarding.resized();
          }
        },
      },
    });

    return participant;
  }

  /** Those who are there and know it; who is still on the way there finds another one by themselves. */
  #participantsOn(worker: MediaWorker): MediasoupParticipantMedia[] {
    return [...this.#participants.values()].filter(
      ({ site, isAttached }) => isAttached && site?.worker === worker,
    );
  }

  #streamsFor(participantId: string): SentStream[] {
    return [...this.#streams.values()].filter((stream) => stream.participantId !== participantId);
  }

  /** Sites that nobody is at any more, nor on the way to; one stays for those who come. */
  #closeDeserted(): void {
    const participants = [...this.#participants.values()];
    if (participants.some(({ site }) => site === undefined)) {
      return;
    }
    const populated = new Set(participants.map(({ site }) => site));
    const [, ...superfluous] = this.#sites.open.toSorted(
      (one, other) => Number(populated.has(other)) - Number(populated.has(one)),
    );
    superfluous.filter((site) => !populated.has(site)).forEach((site) => this.#sites.close(site));
  }

  #fail(reason: EndReasonName): void {
    if (!this.#isClosed) {
      this.close();
      this.#listener.onLost(reason);
    }
  }

  #requireOpen(): void {
    if (this.#isClosed) {
      throw new ProtocolError('call_not_found');
    }
  }
}
