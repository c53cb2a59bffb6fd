import type {
  ConsumerInfo,
  IceServer,
  MediaOffer,
  MediaSource,
  RtpCapabilities,
  RtpParameters,
  TransportParameters,
} from '@parley/protocol';

/** The seam between the SDK and mediasoup-client: peer connections, and what goes through them. */
export interface MediaPort {
  /**
   * Learns what the server forwards and answers with this browser's side of it. Once per connection, before a
   * call is entered.
   * @throws CallError `not_supported` in a browser without WebRTC.
   */
  prepare(routerRtpCapabilities: RtpCapabilities): Promise<MediaOffer>;
  /** Both transports of one call; `prepare` has been awaited. */
  open(options: MediaSessionOptions): MediaSession;
}

export interface MediaSessionOptions {
  sendTransport: TransportParameters;
  receiveTransport: TransportParameters;
  iceServers: readonly IceServer[];
  /** No path could be found, or the one in use was lost. */
  onFailed: () => void;
}

export interface MediaSession {
  /** Starts to send `track`, which stays its giver's to stop. */
  send(track: MediaStreamTrack, source: MediaSource): Promise<OutgoingMedia>;
  /**
   * Several at once are negotiated in one round. Sound and picture of one `syncGroup` are played in step.
   */
  receive(consumer: ConsumerInfo, syncGroup: string): Promise<IncomingMedia>;
  /** Idempotent; ends everything sent and received. */
  close(): void;
}

export interface OutgoingMedia {
  /** What the server must know to receive it. */
  readonly rtpParameters: RtpParameters;
  /** Sends no packets at all until `resume()`. */
  pause(): void;
  resume(): void;
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  close(): void;
}

export interface IncomingMedia {
  readonly stream: MediaStream;
  close(): void;
}
