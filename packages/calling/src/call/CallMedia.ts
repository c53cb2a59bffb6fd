import type { Clock, Timer } from '@parley/kit';
import {
  minReceiveBitrate,
  type CallNotification,
  type CallSnapshot,
  type DataChannelKind,
  type DataMessage,
  type ForwardingRule,
  type IceServer,
  type MediaParameters,
  type RestartedIce,
  type Snapshot,
} from '@parley/protocol';
import type { Automatic } from '../automatic.ts';
import { toCallError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { MediaPort, MediaSession, MediaSessionStats } from '../media/MediaPort.ts';
import type { CallLimits } from '../media/sendLimits.ts';
import type { PathState } from '../media/pathState.ts';
import type { Hearing, ParticipantMedia } from '../participants/ParticipantMedia.ts';
import type { Playback } from '../rendering/Playback.ts';
import type { Request } from '../signaling/request.ts';
import type { Subscription, SubscriptionListener } from '../streams/Subscription.ts';
import { DataChannels } from './DataChannels.ts';
import { Publisher } from './Publisher.ts';
import { Sounds } from './Sounds.ts';
import { Subscriber, type ReceivedStream } from './Subscriber.ts';

/** By then the next one is connected, which needs the page's time more than the end of the one before. */
const closingDelayMs = 2_000;

/** Of the rules of the forwarding policy, those that are this page's alone. */
const receivingRules = [
  ['receiveOnRender', 'consumeOnRender'],
  ['pauseHidden', 'pauseHidden'],
  ['fitToView', 'layerBySize'],
] as const;

const mediaNotifications = [
  'mediaReset',
  'consumersAdded',
  'consumersClosed',
  'encodingsWanted',
  'audioSlotsChanged',
] as const;

/** What the server tells of the media of a call. */
export type MediaNotification = Extract<CallNotification, { name: (typeof mediaNotifications)[number] }>;

export function isMediaNotification(notification: CallNotification): notification is MediaNotification {
  return (mediaNotifications as readonly string[]).includes(notification.name);
}

interface CallMediaOptions {
  snapshot: CallSnapshot;
  parameters: MediaParameters;
  /** Where none come with the parameters. */
  iceServers: readonly IceServer[];
  request: Request;
  openMedia: MediaPort['open'];
  playAudio: (stream: MediaStream) => Playback;
  automatic: Automatic;
  clock: Clock;
  logger: Logger;
  /** There are transports with something to go through them, so that they are looking for a path. */
  onPathOpened: () => void;
  /** Of the present transports. */
  onPathChanged: (state: PathState) => void;
  /** Somebody shows a picture. */
  onWatched?: () => void;
  /** A stream of this page could not be sent again after its transport was lost, and is over. */
  onPublicationLost: (producerId: string) => void;
  onDataReceived: (message: DataMessage, channel: DataChannelKind) => void;
}

/**
 * Everything sent and received in one call. It outlives its transports: when they are lost, all that was sent is produced
 * again and all that was received arrives again, and whoever sends, renders or listens keeps the objects they have.
 */
export class CallMedia implements ParticipantMedia {
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly rulesOff: ReadonlySet<ForwardingRule>;
  readonly #options: CallMediaOptions;
  readonly #subscriber: Subscriber;
  readonly #sounds: Sounds;
  readonly #data: DataChannels;
  #session: MediaSession;
  /** Ends the one before, which is not used any more. */
  #closing: Timer | undefined;
  #left: MediaSession | undefined;
  #receiveTransportId: string;
  /** Bits per second; undefined without a limit. */
  #maxReceiveBitrate: number | undefined;
  /** Whether the server has taken it. */
  #isReceivingLimited = true;
  /** The latest, for transports with which none come: a server before version 2.1 sends them without. */
  #iceServers: readonly IceServer[];

  constructor(options: CallMediaOptions) {
    const { snapshot, parameters, request, automatic, clock, logger, playAudio } = options;
    const callId = snapshot.id;
    this.#options = options;
    this.clock = clock;
    this.rulesOff = new Set([
      ...snapshot.settings.rulesOff,
      ...receivingRules.flatMap(([behaviour, rule]) => (automatic[behaviour] ? [] : rule)),
    ]);
    this.#iceServers = options.iceServers;
    this.#session = this.#open(parameters);
    this.#receiveTransportId = parameters.receiveTransport.id;
    const path = { session: this.#session, transportId: parameters.sendTransport.id };
    this.publisher = new Publisher({
      callId,
      path,
      request,
      clock,
      logger,
      onLost: options.onPublicationLost,
    });
    this.#subscriber = new Subscriber({ callId, session: this.#session, request, clock });
    this.#sounds = new Sounds({ subscriber: this.#subscriber, play: playAudio });
    this.#data = new DataChannels({
      callId,
      path,
      request,
      isPaced: automatic.paceData,
      clock,
      logger,
      onMessage: options.onDataReceived,
    });
    this.#subscriber.add(parameters.consumers);
    this.#sounds.setSlots(snapshot.audioSlots);
    this.#data.listen(parameters.dataConsumers);
  }

  /** What arrives now, by producer. */
  get received(): ReceivedStream[] {
    return this.#subscriber.received.map((stream) => ({
      ...stream,
      producerId: this.#sounds.carriedBy(stream.producerId) ?? stream.producerId,
    }));
  }

  /** Of the present transports. */
  get hasRelayFailed(): boolean {
    return this.#session.hasRelayFailed;
  }

  getStats(): Promise<MediaSessionStats> {
    return this.#session.getStats();
  }

  apply({ name, data }: MediaNotification): void {
    switch (name) {
      case 'mediaReset': {
        this.reset(data.media);
        break;
      }
      case 'consumersAdded': {
        this.#subscriber.add(data.consumers);
        break;
      }
      case 'consumersClosed': {
        this.#subscriber.remove(data.consumerIds);
        break;
      }
      case 'encodingsWanted': {
        this.#want(data);
        break;
      }
      case 'audioSlotsChanged': {
        this.#sounds.setSlots(data.audioSlots);
        break;
      }
    }
  }

  /** Takes over what there is now, where single changes are not known. */
  follow({ call, media }: Snapshot): void {
    if (media !== undefined && media.receiveTransport.id !== this.#receiveTransportId) {
      this.reset(media);
    } else if (media !== undefined) {
      this.#subscriber.follow(media.consumers);
      media.encodingsWanted.forEach((wanted) => this.#want(wanted));
    }
    this.#sounds.setSlots(call.audioSlots);
  }

  /** The transports were lost and these are there instead: everything goes on over them. */
  reset(parameters: MediaParameters): void {
    this.#closeLeft();
    const before = this.#session;
    this.#session = this.#open(parameters);
    this.#receiveTransportId = parameters.receiveTransport.id;
    const path = { session: this.#session, transportId: parameters.sendTransport.id };
    this.publisher.moveTo(path);
    this.#subscriber.moveTo(this.#session, parameters.consumers);
    this.#data.moveTo(path, parameters.dataConsumers);
    this.#left = before;
    this.#closing = this.clock.schedule(closingDelayMs, () => this.#closeLeft());
  }

  /** As `reset`, by a server that may be another process than before. */
  rejoin(parameters: MediaParameters): void {
    this.reset(parameters);
    this.#subscriber.askAgain();
    if (this.#maxReceiveBitrate !== undefined) {
      this.#isReceivingLimited = false;
      this.#limitReceiving().catch((error: unknown) => {
        this.#options.logger.warn('what is received was not limited', { code: toCallError(error).code });
      });
    }
  }

  /** Resolves when they hold. @throws CallError when the server does not limit what is received. */
  async setLimits(limits: CallLimits): Promise<void> {
    if (this.#maxReceiveBitrate !== limits.receive?.bitrate) {
      this.#maxReceiveBitrate = limits.receive?.bitrate;
      this.#isReceivingLimited = false;
    }
    await this.publisher.setLimits(limits);
    if (!this.#isReceivingLimited) {
      await this.#limitReceiving();
    }
  }

  /** Finds a new path for both transports. */
  async restartIce(ice: RestartedIce, iceServers: readonly IceServer[]): Promise<void> {
    this.#iceServers = iceServers;
    await this.#session.restartIce(ice, iceServers);
  }

  watch(producerId: string, syncGroup: string, listener: SubscriptionListener): Subscription {
    this.#options.onWatched?.();

    return this.#subscriber.subscribe({
      producerId,
      syncGroup,
      comes: 'asked',
      onStreamChanged: () => listener.onStreamChanged(),
      onFailed: (error) => listener.onFailed(error),
    });
  }

  hear(producerId: string, syncGroup: string, onChanged: () => void): Hearing {
    return this.#sounds.hear(producerId, syncGroup, onChanged);
  }

  /** @throws CallError `unavailable` when the network cannot keep up. */
  async sendData(payload: Uint8Array, channel: DataChannelKind): Promise<void> {
    await this.#data.send(payload, channel);
  }

  /** Idempotent. */
  close(): void {
    this.publisher.close();
    this.#sounds.close();
    this.#subscriber.close();
    this.#data.close();
    this.#closeLeft();
    this.#session.close();
  }

  #want({ producerId, wanted }: { producerId: string; wanted: readonly boolean[] }): void {
    if (this.#options.automatic.suspendLayers) {
      void this.publisher.setWantedEncodings(producerId, wanted);
    }
  }

  /** The server remembers it, but not as another process. */
  async #limitReceiving(): Promise<void> {
    const maxBitrate = this.#maxReceiveBitrate;
    const { snapshot, request } = this.#options;
    await request('setMaxReceiveBitrate', {
      callId: snapshot.id,
      maxBitrate: maxBitrate === undefined ? null : Math.max(minReceiveBitrate, Math.round(maxBitrate)),
    });
    this.#isReceivingLimited = maxBitrate === this.#maxReceiveBitrate;
  }

  #closeLeft(): void {
    this.#closing?.cancel();
    this.#left?.close();
    this.#left = undefined;
    this.#subscriber.forgetLeft();
  }

  #open(parameters: MediaParameters): MediaSession {
    const {
      sendTransport,
      receiveTransport,
      consumers,
      dataConsumers,
      iceServers = this.#iceServers,
    } = parameters;
    this.#iceServers = iceServers;
    const session = this.#options.openMedia({
      sendTransport,
      receiveTransport,
      iceServers,
      onPathChanged: (state) => {
        if (session === this.#session) {
          this.#options.onPathChanged(state);
        }
      },
    });
    if (consumers.length + dataConsumers.length > 0) {
      this.#options.onPathOpened();
    }

    return session;
  }
}
