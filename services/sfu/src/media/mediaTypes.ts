import type {
  AudioSlot,
  CallSettings,
  ConsumerInfo,
  DataChannelKind,
  EndReasonName,
  IceServer,
  MediaOffer,
  MediaParameters,
  MediaState,
  MediaSource,
  ProducerInfo,
  RestartedIce,
  RtpCapabilities,
  RtpParameters,
  SctpStreamParameters,
} from '@parley/protocol';
import type { Size } from './video/pictureLayers.ts';

/** The media of this node as the calls see it. */
export interface MediaService {
  /** What every call forwards. */
  readonly routerRtpCapabilities: RtpCapabilities;
  /**
   * Rejects with `unavailable` while no worker runs or all are too busy (then with seconds to wait), and when the one
   * that was chosen dies or hangs.
   */
  createCallMedia(options: CallMediaOptions): Promise<CallMedia>;
  /**
   * Opens both transports of a probe and lets the client connect to them at once. Rejects as `createCallMedia`, and with
   * `invalid_request` when the offer cannot be used.
   */
  createProbeMedia(options: ProbeMediaOptions): Promise<ProbeMedia>;
}

export interface ProbeMediaOptions {
  readonly probeId: string;
  readonly offer: MediaOffer;
  /** Called once, whoever closes it: it ends with its worker, and when far too much is sent. */
  readonly onClosed: () => void;
}

export interface LoopBackOptions {
  readonly kind: 'audio' | 'video';
  readonly rtpParameters: RtpParameters;
}

/** Media of somebody who is in no call, and tries what gets through: what they send comes back to them alone. */
export interface ProbeMedia {
  readonly parameters: Omit<MediaParameters, 'iceServers'>;
  /**
   * Answers how the stream comes back. Rejects with `invalid_state` for a second one of its kind, and `invalid_request`
   * when it has several encodings, cannot be used or could not be received by its sender.
   */
  loopBack(options: LoopBackOptions): Promise<ConsumerInfo>;
  /** Idempotent. */
  close(): void;
}

export interface CallMediaOptions {
  readonly callId: string;
  /** Those of the forwarding policy count here. */
  readonly settings: CallSettings;
  readonly listener: CallMediaListener;
  /** Whose device a participant is; each is a user of its own where nobody says so. */
  readonly userOf?: ((participantId: string) => string | undefined) | undefined;
  /** Made anew whenever transports are handed over, for a participant to reach them by; none where nobody says so. */
  readonly iceServersFor?: ((participantId: string) => IceServer[]) | undefined;
}

/** What the media of a call tells the call. Nothing is told of a participant whose media was closed. */
export interface CallMediaListener {
  /** Who is heard to speak now, the loudest first, and who holds the floor; called when that changes. */
  onSpeakers(participantIds: readonly string[], dominantSpeaker: string | undefined): void;
  /** Whose media arrives badly now; called when that changes, once in a few seconds at most. */
  onWeakSenders(participantIds: readonly string[]): void;
  /** Whom the slots of the loudest carry now; none while everyone is heard. */
  onAudioSlots(slots: readonly AudioSlot[]): void;
  /** The participant is to receive these without having asked for them just now. */
  onConsumersAdded(participantId: string, consumers: readonly ConsumerInfo[]): void;
  /** These are not forwarded to the participant any more, though their producers go on. */
  onConsumersClosed(participantId: string, consumerIds: readonly string[]): void;
  /** Which encodings of the participant's producer anybody wants, the smallest first. */
  onEncodingsWanted(participantId: string, producerId: string, wanted: readonly boolean[]): void;
  /** The participant's transports are gone and these stand ready in their place: the call is on another worker. */
  onReset(participantId: string, media: MediaParameters): void;
  /** The participant sends, or has sent again, far more than is allowed, and goes on doing so. */
  onExcess(participantId: string): void;
  /**
   * What the participant sends cannot be forwarded beyond its worker, which takes nobody more: it is to be closed, since the
   * call goes over to another one.
   */
  onStreamBarred(participantId: string, producerId: string): void;
  /** The media is gone for good: `server_ended`, `media_failed`, or `media_unstable` when it killed its workers. */
  onLost(reason: EndReasonName): void;
}

/** What an operator sees of the media of one call; `inspectMedia.ts` has what mediasoup's says. */
export interface CallMediaDump {
  readonly forwarding: unknown;
  readonly participants: readonly unknown[];
}

/** The media of one call. */
export interface CallMedia {
  /**
   * Opens both transports of a participant and lets the client connect to them at once. Rejects with
   * `invalid_request` when the offer cannot be used and `call_not_found` when the media was closed or lost.
   *
   * @param producers What they were sending before, of somebody whose media was lost with the process: produced
   * again, each keeps its id.
   */
  addParticipant(
    participantId: string,
    offer: MediaOffer,
    producers?: readonly ProducerInfo[],
  ): Promise<ParticipantMedia>;
  /** For an operator's eyes. */
  inspect(): Promise<CallMediaDump>;
  /** Whom everyone is to see large: first served when bandwidth is short. */
  setSpotlight(participantIds: readonly string[]): void;
  /** Closes all that belongs to the call. Idempotent. */
  close(): void;
}

export interface ProduceOptions {
  /** The send transport that the parameters were made for; `invalid_state` when it is not the present one. */
  readonly transportId: string;
  readonly source: MediaSource;
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
  /** Of pictures, before any encoding makes them smaller. */
  readonly size?: Size | undefined;
}

export interface ProduceDataOptions {
  readonly transportId: string;
  readonly channel: DataChannelKind;
  readonly sctpStreamParameters: SctpStreamParameters;
}

export interface Viewport {
  readonly consumerId: string;
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
}

export interface Consumed {
  readonly consumers: ConsumerInfo[];
  /** The participant's own, and those whose codec the client cannot receive. */
  readonly unavailable: string[];
}

/** What one participant sends and receives. Ids of producers outlive transports and workers. */
export interface ParticipantMedia {
  /** The transports as they are now and all that the client is to receive over them. Throws while it is `moving`. */
  readonly parameters: MediaParameters;
  /** What the client should have by now; undefined while it is still to be told of its transports. */
  readonly state: MediaState | undefined;
  /** Settles when the client is told of its transports, or is gone; undefined while there is nothing to wait for. */
  readonly moving: Promise<void> | undefined;
  /** Answers the producer's id, which is the same when the source is produced again after a loss. */
  produce(options: ProduceOptions): Promise<string>;
  pauseProducer(producerId: string): Promise<void>;
  resumeProducer(producerId: string): Promise<void>;
  closeProducer(producerId: string): void;
  /** Its pictures are of that size from now on. */
  resizeProducer(producerId: string, size: Size): void;
  /**
   * Makes paused consumers; a producer that is consumed already answers with the same one. What is not sent at the
   * moment, or not yet after a restart, comes by `onConsumersAdded`.
   */
  consume(producerIds: readonly string[]): Promise<Consumed>;
  /** These skip consumers that are gone: they end with their producer, which the client may not know yet. */
  resumeConsumers(consumerIds: readonly string[]): Promise<void>;
  pauseConsumers(consumerIds: readonly string[]): Promise<void>;
  closeConsumers(consumerIds: readonly string[]): void;
  setViewports(viewports: readonly Viewport[]): Promise<void>;
  /** The most that is sent of pictures, bits per second; remembered when the transports are replaced. */
  setMaxReceiveBitrate(maxBitrate: number | undefined): Promise<void>;
  /** Answers the data producer's id. */
  produceData(options: ProduceDataOptions): Promise<string>;
  /** Whether the role lets the participant send data; what comes over an open channel otherwise is dropped. */
  allowData(isAllowed: boolean): void;
  /** Gives both transports new ICE credentials. */
  restartIce(): Promise<RestartedIce>;
  /** On hold nothing is forwarded, either way. */
  setOnHold(isOnHold: boolean): Promise<void>;
  /** Idempotent. */
  close(): void;
}
