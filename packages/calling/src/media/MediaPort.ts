import type {
  ConsumerInfo,
  DataChannelKind,
  DataConsumerInfo,
  IceServer,
  MediaOffer,
  MediaSource,
  RestartedIce,
  RtpCapabilities,
  RtpParameters,
  SctpStreamParameters,
  TransportParameters,
} from '@parley/protocol';
import type { VideoEncodingOptions } from './encodingTypes.ts';
import type { MediaEncryption } from './MediaEncryption.ts';
import type { PathState } from './pathState.ts';
import type { SendLimits } from './sendLimits.ts';

/** The seam between the SDK and mediasoup-client: peer connections, and what goes through them. */
export interface MediaPort {
  /** Of every session that is not opened with another. */
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /**
   * Learns what the server forwards and answers with this browser's side of it. Once per connection, before a
   * call is entered; the certificate stays the same, since calls that go on are known by it.
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
  /** In place of the port's own. */
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** Of both transports together; told when it changes. */
  onPathChanged: (state: PathState) => void;
  /** With it, nothing is sent or received but through it. */
  encryption?: MediaEncryption | undefined;
}

/** What both peer connections count (W3C webrtc-stats). */
export interface MediaSessionStats {
  /** Of the peer connection that sends. */
  readonly send: RTCStatsReport;
  /** Of the one that receives. */
  readonly receive: RTCStatsReport;
}

/** Both peer connections. They are built side by side, each when there is something to go through it. */
export interface MediaSession {
  /** The browser has told of a TURN server that it could not use. */
  readonly hasRelayFailed: boolean;
  /** Rejects once the session is closed. */
  getStats(): Promise<MediaSessionStats>;
  /**
   * Starts to send `track`, which stays its giver's to stop.
   * @throws CallError `not_supported` for a codec that the call's encryption has not.
   */
  send(track: MediaStreamTrack, source: MediaSource, encoding?: VideoEncodingOptions): Promise<OutgoingMedia>;
  /**
   * Several at once are negotiated in one round. Sound and picture of one `syncGroup` are played in step.
   *
   * @param onReadable Told when a picture cannot be decrypted, and when it is to be tried again.
   */
  receive(
    consumer: ConsumerInfo,
    syncGroup: string,
    onReadable: (isReadable: boolean) => void,
  ): Promise<IncomingMedia>;
  /** Opens this page's channel of that kind; nothing may be sent before the server knows of it. */
  sendData(channel: DataChannelKind): Promise<OutgoingData>;
  receiveData(
    consumer: DataConsumerInfo,
    onMessage: (message: Uint8Array<ArrayBuffer>) => void,
  ): Promise<void>;
  /**
   * Finds a new path for both peer connections, with these credentials of the server (RFC 8445, section 9).
   *
   * @param iceServers Used from here on: the credentials of those before may have run out.
   */
  restartIce(ice: RestartedIce, iceServers: readonly IceServer[]): Promise<void>;
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
  /** Encodes this one and those smaller; the smallest has the index 0, and -1 encodes nothing. */
  setLargestEncoding(index: number): Promise<void>;
  /** Sends no more than that, from the next frame on. Not while the largest encoding is being set. */
  setLimits(limits: SendLimits): Promise<void>;
  close(): void;
}

/** Of one picture, since it began. */
export interface ReceivedFrames {
  readonly decoded: number;
  /** For want of time to decode or show them. */
  readonly dropped: number;
}

export interface IncomingMedia {
  readonly stream: MediaStream;
  frames(): Promise<ReceivedFrames>;
  close(): void;
}

export interface OutgoingData {
  /** What the server must know to receive it. */
  readonly sctpStreamParameters: SctpStreamParameters;
  /** Bytes that wait for the network. */
  readonly bufferedAmount: number;
  /** Resolves when messages can be sent; rejects when it is closed before, by whomever. */
  readonly opened: Promise<void>;
  send(message: Uint8Array<ArrayBuffer>): void;
  /** Idempotent. */
  close(): void;
}
