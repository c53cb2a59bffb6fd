import type { Clock } from '@parley/kit';
import { ProtocolError, type EndReasonName, type MediaOffer, type ProducerInfo } from '@parley/protocol';
import type { Logger } from 'pino';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { sheds } from '../workers/shedding.ts';
import { CallForwarding, type ForwardingStats } from './CallForwarding.ts';
import { isAv1, type CallSite } from './CallSite.ts';
import { expectedVideos } from './expectedVideos.ts';
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
import { ReceivingLimit } from './ReceivingLimit.ts';
import { SendingLimit } from './SendingLimit.ts';
import type { SentStream } from './SentStream.ts';
import { WeakSenders } from './WeakSenders.ts';
import { Whereabouts, type MoveCause } from './Whereabouts.ts';

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

/** The media of one call: its participants, what they send, and who receives it. */
export class MediasoupCallMedia implements CallMedia {
  readonly id: string;
  readonly #surroundings: CallMediaSurroundings;
  readonly #listener: CallMediaListener;
  readonly #iceServersFor: CallMediaOptions['iceServersFor'];
  readonly #whereabouts: Whereabouts;
  readonly #forwarding: CallForwarding;
  readonly #sendingLimit: SendingLimit;
  readonly #receivingLimit: ReceivingLimit;
  readonly #weakSenders: WeakSenders;
  readonly #participants = new Map<string, MediasoupParticipantMedia>();
  /** What is sent or will be again, in the order in which it began. */
  readonly #streams = new Map<string, SentStream>();
  #isClosed = false;

  private constructor(options: CallMediaOptions, surroundings: CallMediaSurroundings) {
    const { callId, settings, listener, userOf, iceServersFor } = options;
    this.id = callId;
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#iceServersFor = iceServersFor;
    this.#sendingLimit = new SendingLimit(surroundings.limits);
    this.#receivingLimit = new ReceivingLimit(surroundings.limits.data);
    this.#weakSenders = new WeakSenders(surroundings.clock, (ids) => listener.onWeakSenders(ids));
    this.#forwarding = new CallForwarding({
      settings,
      dataLimits: surroundings.limits.data,
      speakerIntervalMs: surroundings.speakerIntervalMs,
      clock: surroundings.clock,
      listener,
      userOf,
      participants: () => [...this.#participants.values()],
      streams: () => [...this.#streams.values()],
      sites: () => this.#whereabouts.sites,
    });
    const { placement, clock, logger, limits, openTransports } = surroundings;
    this.#whereabouts = new Whereabouts({
      placement,
      clock,
      logger: logger.child({ callId }),
      participants: () => this.participants,
      avoidsSpan: () => this.#bound.length > 0,
      onSpanning: () =>
        this.#bound.forEach(({ participantId, id }) => listener.onStreamBarred(participantId, id)),
      openTransports: (site, { id, offer }) => openTransports({ site, participantId: id, offer, limits }),
      onOpened: (site) => this.#forwarding.openSite(site),
      onClosed: (site) => this.#forwarding.closeSite(site),
      onReset: ({ id }, media) => listener.onReset(id, media),
      onMoved: (cause, participants) => surroundings.onMoved(cause, participants),
      onLost: (reason) => this.#fail(reason),
    });
  }

  /** Rejects when there is no worker for it. */
  static async create(
    options: CallMediaOptions,
    surroundings: CallMediaSurroundings,
  ): Promise<MediasoupCallMedia> {
    const call = new MediasoupCallMedia(options, surroundings);
    await call.#whereabouts.open();

    return call;
  }

  /** Its share in what the worker carries, beside that of other calls: transports and consumers. */
  weightOn(worker: MediaWorker): number {
    return this.#whereabouts
      .on(worker)
      .reduce((sum, { receptions, streams }) => sum + 2 + streams.length + receptions.consumers.length, 0);
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
    this.#whereabouts.on(worker).forEach((participant) => participant.shed());
  }

  async addParticipant(
    participantId: string,
    offer: MediaOffer,
    producers?: readonly ProducerInfo[],
  ): Promise<ParticipantMedia> {
    // Of two devices that answer for one callee, the one that was lost meanwhile may still be on its way.
    this.#participants.get(participantId)?.close();
    const participant = this.#newParticipant(participantId, offer, producers);
    this.#participants.set(participantId, participant);
    participant.streams.forEach((stream) => this.#streams.set(stream.id, stream));
    this.#forwarding.resized();

    try {
      await this.#whereabouts.bring(participant, (site) => this.#welcome(participant, site));
      if (participant.isClosed) {
        throw new ProtocolError('call_not_found');
      }

      return participant;
    } catch (error) {
      const isOver = participant.isClosed;
      participant.close();
      throw isOver ? new ProtocolError('call_not_found', undefined, { cause: error }) : error;
    }
  }

  /** Whether anything of it is on the worker. */
  isOn(worker: MediaWorker): boolean {
    return this.#whereabouts.isOn(worker);
  }

  /** How many of its participants are on the worker. */
  participantsOn(worker: MediaWorker): number {
    return this.#whereabouts.on(worker).length;
  }

  /**
   * Looks at what those on the worker have sent, and asked for, since the last time, and tells for whom it is too much, and of
   * whom it comes badly.
   */
  async limitTraffic(worker: MediaWorker): Promise<void> {
    this.#weakSenders.look(this.#whereabouts.on(worker));
    for (const participant of this.#whereabouts.on(worker)) {
      const { transports } = participant;
      const looks = transports && [
        this.#sendingLimit.isExceeded(participant, {
          over: transports.send,
          tallies: () => participant.tallies(),
        }),
        this.#receivingLimit.isExceeded(transports.receive),
      ];
      if ((await Promise.all(looks ?? [])).includes(true)) {
        this.#listener.onExcess(participant.id);
      }
    }
  }

  /** Relieves the worker of this call. Resolves when all participants have been told of their new transports. */
  move(from: MediaWorker, to: MediaWorker): Promise<void> {
    return this.#whereabouts.move(from, to);
  }

  /** As `move`, to whichever worker has least to do. */
  moveAway(from: MediaWorker): Promise<void> {
    return this.#whereabouts.moveAway(from);
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
    this.#whereabouts.close();
    this.#surroundings.onClosed(this);
  }

  /** What a newcomer is to receive from the start. */
  #welcome({ id, offer, receptions }: MediasoupParticipantMedia, { worker }: CallSite): void {
    const streams = [...this.#streams.values()].filter(({ participantId }) => participantId !== id);
    const isShort = sheds(this.#surroundings.placement.sheddingOf(worker), 'noNewVideo');
    const expected = isShort ? 0 : (offer.expectedVideos ?? 0);
    receptions.want(this.#forwarding.unaskedFor(id, streams));
    receptions.want(expectedVideos(streams, this.#forwarding.speakers, expected));
  }

  /** Streams that nobody can receive on another worker than theirs. */
  get #bound(): SentStream[] {
    return [...this.#streams.values()].filter(({ producer }) => producer && isAv1(producer));
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
        iceServers: () => this.#iceServersFor?.(id) ?? [],
        sheddingAt: ({ worker }) => this.#surroundings.placement.sheddingOf(worker),
        encodingsWanted: (sent) => this.#forwarding.encodingsWanted(sent),
        find: (producerId) => this.#streams.get(producerId),
        onSending: (isAgain) => this.#whereabouts.sends(isAgain),
        onStreamOpened: (stream) => {
          this.#streams.set(stream.id, stream);
          this.#forwarding.streamOpened(participant, stream);
        },
        onStreamResized: (stream) => this.#forwarding.streamResized(stream),
        onStreamLost: (stream) => this.#forwarding.streamLost(stream),
        onStreamClosed: (stream) => {
          this.#streams.delete(stream.id);
          this.#forwarding.streamClosed(stream);
        },
        onReceptionChanged: (reception) => this.#forwarding.changed(participant, reception),
        onSendingResumed: (streams) =>
          this.#participants.forEach(({ receptions }) =>
            receptions.requestKeyFrames(streams.map((stream) => stream.id)),
          ),
        onConsumersAdded: (consumers) => this.#listener.onConsumersAdded(id, consumers),
        onConsumersClosed: (consumerIds) => this.#listener.onConsumersClosed(id, consumerIds),
        onClosed: () => {
          this.#participants.delete(id);
          this.#weakSenders.forget(id);
          this.#whereabouts.closeDeserted();
          if (!this.#isClosed) {
            this.#forwarding.resized();
          }
        },
      },
    });

    return participant;
  }

  #fail(reason: EndReasonName): void {
    if (!this.#isClosed) {
      this.close();
      this.#listener.onLost(reason);
    }
  }
}
