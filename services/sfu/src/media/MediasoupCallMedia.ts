import type { Clock } from '@parley/kit';
import { ProtocolError, type EndReasonName, type MediaOffer, type ProducerInfo } from '@parley/protocol';
import type { Logger } from 'pino';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { CallAudio } from './CallAudio.ts';
import type { CallSite } from './CallSite.ts';
import { CallSites } from './CallSites.ts';
import { expectedVideos } from './expectedVideos.ts';
import { mediaError } from './mediaError.ts';
import type { MediaLimits } from './mediaLimits.ts';
import { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { CallMedia, CallMediaListener, CallMediaOptions, ParticipantMedia } from './mediaTypes.ts';
import type { OpenTransports } from './ParticipantTransports.ts';
import type { SentStream } from './SentStream.ts';
import { settle } from './settle.ts';
import { WorkerLosses } from './WorkerLosses.ts';

/** Where calls find a worker. */
export interface Placing {
  /** The worker for one more participant of a call that is on these; throws `unavailable` when there is none. */
  choose(present: readonly MediaWorker[]): MediaWorker;
  /** Resolves when there is a worker; rejects with `unavailable` when there is none for long. */
  whenReady(): Promise<void>;
}

export interface CallMediaSurroundings {
  readonly placing: Placing;
  readonly openTransports: OpenTransports;
  readonly limits: MediaLimits;
  readonly speakerIntervalMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often a participant or a call tries the next worker when one dies on the way in. */
const maxAttempts = 3;

/**
 * The media of one call: a site on each worker it spans, most often one, and the participants on them. When a worker
 * dies, or is to be relieved, the participants of its site are moved to another: `settle` says how.
 */
export class MediasoupCallMedia implements CallMedia {
  readonly #surroundings: CallMediaSurroundings;
  readonly #listener: CallMediaListener;
  readonly #logger: Logger;
  readonly #sites: CallSites;
  readonly #audio: CallAudio;
  readonly #losses: WorkerLosses;
  readonly #participants = new Map<string, MediasoupParticipantMedia>();
  /** What is sent or will be again, in the order in which it began. */
  readonly #streams = new Map<string, SentStream>();
  #speakers: readonly string[] = [];
  #isClosed = false;

  private constructor({ callId, listener }: CallMediaOptions, surroundings: CallMediaSurroundings) {
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#logger = surroundings.logger.child({ callId });
    this.#losses = new WorkerLosses(surroundings.clock);
    this.#audio = new CallAudio({
      speakerIntervalMs: surroundings.speakerIntervalMs,
      onSpeakers: (participantIds, dominantSpeaker) => {
        this.#speakers = participantIds;
        listener.onSpeakers(participantIds, dominantSpeaker);
      },
    });
    this.#sites = new CallSites({
      onOpened: async (site) => {
        this.#requireOpen();
        await this.#audio.openSite(site);
        this.#requireOpen();
      },
      onLost: (site) => this.#lose(site),
      onClosed: (site) => this.#audio.closeSite(site),
    });
  }

  /** Rejects when there is no worker for it. */
  static async create(
    options: CallMediaOptions,
    surroundings: CallMediaSurroundings,
  ): Promise<MediasoupCallMedia> {
    const call = new MediasoupCallMedia(options, surroundings);
    await call.#sites.on(surroundings.placing.choose([]));

    return call;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Those it has a site on. */
  get workers(): readonly MediaWorker[] {
    return this.#sites.workers;
  }

  async addParticipant(
    participantId: string,
    offer: MediaOffer,
    producers?: readonly ProducerInfo[],
  ): Promise<ParticipantMedia> {
    const participant = this.#newParticipant(participantId, offer, producers);
    this.#participants.set(participantId, participant);
    participant.streams.forEach((stream) => this.#streams.set(stream.id, stream));

    try {
      await this.#place(participant);
      this.#requireOpen();

      return participant;
    } catch (error) {
      participant.close();
      throw this.#isClosed ? new ProtocolError('call_not_found', undefined, { cause: error }) : error;
    }
  }

  /** Relieves the worker of this call. Resolves when all participants have been told of their new transports. */
  async move(from: MediaWorker, to: MediaWorker): Promise<void> {
    const participants = [...this.#participants.values()].filter(({ site }) => site?.worker === from);
    const site = await this.#sites.on(to);
    await this.#settle(site, participants);
  }

  setSpotlight(): void {}

  close(): void {
    this.#isClosed = true;
    this.#participants.forEach((participant) => participant.close());
    this.#sites.open.forEach((site) => this.#sites.close(site));
  }

  /** Gives a newcomer transports, and the consumers of what they are to receive from the start. */
  async #place(participant: MediasoupParticipantMedia): Promise<void> {
    const { openTransports, limits } = this.#surroundings;
    const { id: participantId, offer, receptions } = participant;
    for (let attempt = 1; ; attempt += 1) {
      const site = await this.#site();
      try {
        const transports = await openTransports({ site, participantId, offer, limits });
        const streams = this.#streamsFor(participantId);
        receptions.want(this.#audio.heardBy(participantId, streams));
        receptions.want(expectedVideos(streams, this.#speakers, offer.expectedVideos ?? 0));
        await participant.attach(site, transports);
        receptions.run();

        return;
      } catch (error) {
        if (!site.isClosed || this.#isClosed || attempt === maxAttempts) {
          throw mediaError(error);
        }
      }
    }
  }

  async #site(): Promise<CallSite> {
    await this.#surroundings.placing.whenReady();
    this.#requireOpen();

    return this.#sites.on(this.#surroundings.placing.choose(this.#sites.workers));
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
    const affected = [...this.#participants.values()].filter((participant) => participant.site === site);
    affected.forEach((participant) => participant.stopReceiving());
    affected.forEach((participant) => participant.detach());
    void this.#recover(affected);
  }

  /** Takes those who have lost their site to another one. */
  async #recover(participants: readonly MediasoupParticipantMedia[]): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#settle(await this.#site(), participants);
        this.#logger.info({ participants: participants.length }, 'media moved after the loss of a worker');

        return;
      } catch (error) {
        if (this.#isClosed) {
          return;
        }
        if (attempt === maxAttempts || mediaError(error).code !== 'unavailable') {
          this.#logger.error({ err: error }, 'media not moved after the loss of a worker');
          this.#fail('media_failed');

          return;
        }
      }
    }
  }

  async #settle(site: CallSite, participants: readonly MediasoupParticipantMedia[]): Promise<void> {
    const { openTransports, limits } = this.#surroundings;
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
    const others = (): MediasoupParticipantMedia[] =>
      [...this.#participants.values()].filter((other) => other.id !== id);

    return new MediasoupParticipantMedia({
      id,
      offer,
      producers,
      limits: this.#surroundings.limits,
      surroundings: {
        find: (producerId) => this.#streams.get(producerId),
        onStreamOpened: (stream) => {
          this.#streams.set(stream.id, stream);
          for (const { id: receiverId, receptions } of others()) {
            receptions.want(this.#audio.heardBy(receiverId, [stream]));
            receptions.streamOpened(stream);
          }
          const site = this.#participants.get(id)?.site;
          if (site !== undefined) {
            this.#audio.streamOpened(site, stream);
          }
        },
        onStreamLost: (stream) => others().forEach(({ receptions }) => receptions.streamLost(stream)),
        onStreamClosed: (stream) => {
          this.#streams.delete(stream.id);
          others().forEach(({ receptions }) => receptions.streamClosed(stream));
        },
        onConsumersAdded: (consumers) => this.#listener.onConsumersAdded(id, consumers),
        onConsumersClosed: (consumerIds) => this.#listener.onConsumersClosed(id, consumerIds),
        onClosed: () => {
          this.#participants.delete(id);
          this.#closeDeserted();
        },
      },
    });
  }

  #streamsFor(participantId: string): SentStream[] {
    return [...this.#streams.values()].filter((stream) => stream.participantId !== participantId);
  }

  /** Sites that nobody is at any more; one stays for those who come. */
  #closeDeserted(): void {
    const populated = new Set([...this.#participants.values()].map(({ site }) => site));
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
