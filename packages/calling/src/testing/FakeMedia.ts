import { createDeferred } from '@parley/kit';
import type {
  ConsumerInfo,
  DataChannelKind,
  DataConsumerInfo,
  IceServer,
  MediaOffer,
  MediaSource,
  RestartedIce,
} from '@parley/protocol';
import type { VideoEncodingOptions } from '../media/encodingTypes.ts';
import type {
  IncomingMedia,
  MediaPort,
  MediaSession,
  MediaSessionOptions,
  MediaSessionStats,
  OutgoingData,
  OutgoingMedia,
  ReceivedFrames,
} from '../media/MediaPort.ts';
import type { SendLimits } from '../media/sendLimits.ts';
import { asMediaStream, FakeStream, FakeTrack } from './fakeMediaStream.ts';

interface Sent {
  readonly source: MediaSource;
  track: MediaStreamTrack;
  state: 'sending' | 'paused' | 'closed';
  /** The largest encoding that is on; undefined while all are. */
  largestEncoding: number | undefined;
  /** As they were set last. */
  limits: SendLimits | undefined;
  readonly encoding: VideoEncodingOptions | undefined;
  /** How often the packets were stopped or let go. */
  turns: number;
}

/** One call's media: what is sent and received, without a network. */
export class FakeMediaSession implements MediaSession {
  readonly sent: Sent[] = [];
  /** Consumer ids being received. */
  readonly received = new Set<string>();
  readonly options: MediaSessionOptions;
  /** Of each consumer. */
  readonly frames = new Map<string, ReceivedFrames>();
  /** Told of each consumer whether its pictures can be decrypted. */
  readonly onReadable = new Map<string, (isReadable: boolean) => void>();
  /** What was sent over each data channel. */
  readonly sentData: Record<DataChannelKind, string[]> = { ordered: [], lossy: [] };
  /** ICE servers of each restart. */
  readonly restarts: (readonly IceServer[])[] = [];
  /** Bytes that the network has no room for. */
  bufferedData = 0;
  /** Data channels that are open for sending, or about to be. */
  readonly openData = new Set<DataChannelKind>();
  /** What data channels wait for to open. */
  dataOpening: Promise<void> | undefined;
  readonly #gone = createDeferred<never>();
  readonly #dataListeners = new Map<string, (message: Uint8Array<ArrayBuffer>) => void>();
  isClosed = false;
  hasRelayFailed = false;
  /** What the peer connections count; to be changed by the test. */
  stats: MediaSessionStats = { send: new Map(), receive: new Map() };
  /** Awaited before a track is sent or replaced; when it rejects, that fails with its error. */
  negotiation: Promise<void> | undefined;

  constructor(options: MediaSessionOptions) {
    this.options = options;
    this.#gone.promise.catch(() => {});
  }

  async getStats(): Promise<MediaSessionStats> {
    return this.stats;
  }

  sentFrom(source: MediaSource): Sent | undefined {
    return this.sent.findLast((sent) => sent.source === source);
  }

  async send(
    track: MediaStreamTrack,
    source: MediaSource,
    encoding?: VideoEncodingOptions,
  ): Promise<OutgoingMedia> {
    await this.negotiation;
    const sent: Sent = {
      source,
      track,
      state: 'sending',
      largestEncoding: undefined,
      limits: undefined,
      encoding,
      turns: 0,
    };
    this.sent.push(sent);

    return {
      rtpParameters: {
        mid: source,
        codecs: [
          track.kind === 'audio'
            ? { mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000 }
            : { mimeType: `video/${encoding?.codec ?? 'VP8'}`, payloadType: 96, clockRate: 90_000 },
        ],
      },
      pause: () => {
        sent.turns += 1;
        sent.state = 'paused';
      },
      resume: () => {
        sent.turns += 1;
        sent.state = 'sending';
      },
      replaceTrack: async (replacement) => {
        this.#assertOpen(sent);
        await this.negotiation;
        this.#assertOpen(sent);
        sent.track = replacement;
      },
      setLargestEncoding: async (index) => {
        this.#assertOpen(sent);
        // Compared, as by mediasoup-client, with what was negotiated last.
        if (index !== sent.largestEncoding) {
          await this.negotiation;
          this.#assertOpen(sent);
          sent.largestEncoding = index;
        }
      },
      setLimits: async (limits) => {
        this.#assertOpen(sent);
        sent.limits = limits;
      },
      close: () => {
        sent.state = 'closed';
      },
    };
  }

  async receive(
    { id, kind }: ConsumerInfo,
    _syncGroup: string,
    onReadable: (isReadable: boolean) => void,
  ): Promise<IncomingMedia> {
    if (this.received.has(id)) {
      throw new Error(`The consumer ${id} is set up already.`);
    }
    this.received.add(id);
    this.onReadable.set(id, onReadable);

    return {
      stream: asMediaStream(new FakeStream([new FakeTrack(kind)])),
      frames: async () => this.frames.get(id) ?? { decoded: 0, dropped: 0 },
      close: () => {
        this.received.delete(id);
      },
    };
  }

  async sendData(channel: DataChannelKind): Promise<OutgoingData> {
    const buffered = (): number => this.bufferedData;
    const closed = createDeferred<never>();
    const opened = Promise.race([this.#gone.promise, closed.promise, this.dataOpening ?? Promise.resolve()]);
    // Nobody may have come to wait for it when it is closed.
    opened.catch(() => {});
    this.openData.add(channel);

    return {
      sctpStreamParameters: { streamId: 0, ordered: channel === 'ordered' },
      get bufferedAmount() {
        return buffered();
      },
      opened,
      send: (message) => void this.sentData[channel].push(new TextDecoder().decode(message)),
      close: () => {
        this.openData.delete(channel);
        closed.reject(new Error('The channel is closed.'));
      },
    };
  }

  async receiveData(
    { id }: DataConsumerInfo,
    onMessage: (message: Uint8Array<ArrayBuffer>) => void,
  ): Promise<void> {
    this.#dataListeners.set(id, onMessage);
  }

  /** A message arrives on a data consumer. */
  deliverData(dataConsumerId: string, message: Uint8Array<ArrayBuffer>): void {
    this.#dataListeners.get(dataConsumerId)?.(message);
  }

  async restartIce(_ice: RestartedIce, iceServers: readonly IceServer[]): Promise<void> {
    this.restarts.push(iceServers);
  }

  close(): void {
    this.isClosed = true;
    this.received.clear();
    this.#gone.reject(new Error('The transports are closed.'));
  }

  #assertOpen({ state }: Sent): void {
    if (this.isClosed || state === 'closed') {
      throw new Error('The producer is closed.');
    }
  }
}

export class FakeMedia implements MediaPort {
  readonly sessions: FakeMediaSession[] = [];
  iceTransportPolicy: RTCIceTransportPolicy = 'all';
  /** What becomes of a session that is opened. */
  onOpened: (session: FakeMediaSession) => void = () => {};

  get session(): FakeMediaSession {
    const last = this.sessions.at(-1);
    if (last === undefined) {
      throw new Error('No call has been entered.');
    }

    return last;
  }

  async prepare(): Promise<MediaOffer> {
    return { rtpCapabilities: {}, dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }] };
  }

  open(options: MediaSessionOptions): MediaSession {
    const session = new FakeMediaSession(options);
    this.sessions.push(session);
    this.onOpened(session);

    return session;
  }
}
