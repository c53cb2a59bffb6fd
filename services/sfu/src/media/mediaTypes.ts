import type {
  ConsumerInfo,
  MediaOffer,
  MediaSource,
  RtpCapabilities,
  RtpParameters,
  TransportParameters,
} from '@parley/protocol';

/** The media of this node as the calls see it. */
export interface MediaService {
  /** What every call forwards. */
  readonly routerRtpCapabilities: RtpCapabilities;
  /** Rejects with `unavailable` while no worker runs, and when the one that was chosen dies or hangs. */
  createCallMedia(options: CallMediaOptions): Promise<CallMedia>;
}

export interface CallMediaOptions {
  /** Who is heard to speak now, the loudest first; called when that changes. */
  readonly onSpeakers: (participantIds: string[]) => void;
  /** The media is gone for good: its worker died, or was ended with the server. */
  readonly onLost: (reason: 'media_failed' | 'server_ended') => void;
}

/** The media of one call. */
export interface CallMedia {
  /**
   * Opens both transports of a participant and lets the client connect to them at once. Rejects with
   * `invalid_request` when the offer cannot be used and `call_not_found` when the media was closed or lost.
   */
  addParticipant(participantId: string, offer: MediaOffer): Promise<ParticipantMedia>;
  /** Closes all that belongs to the call. Idempotent. */
  close(): void;
}

export interface ProduceOptions {
  readonly source: MediaSource;
  readonly rtpParameters: RtpParameters;
  readonly paused: boolean;
}

/** What one participant sends and receives. */
export interface ParticipantMedia {
  readonly sendTransport: TransportParameters;
  readonly receiveTransport: TransportParameters;
  /** Answers the producer's id; rejects with `invalid_request` when the parameters cannot be used. */
  produce(options: ProduceOptions): Promise<string>;
  pauseProducer(producerId: string): Promise<void>;
  resumeProducer(producerId: string): Promise<void>;
  closeProducer(producerId: string): void;
  /**
   * Makes paused consumers. Producers that are gone, of another call or the participant's own, or whose codec
   * the client cannot receive are left out; one that is consumed already answers with the same consumer.
   */
  consume(producerIds: readonly string[]): Promise<ConsumerInfo[]>;
  /** These three skip consumers that are gone: they end with their producer, which the client may not know yet. */
  resumeConsumers(consumerIds: readonly string[]): Promise<void>;
  pauseConsumers(consumerIds: readonly string[]): Promise<void>;
  closeConsumers(consumerIds: readonly string[]): void;
  /** Idempotent. */
  close(): void;
}
