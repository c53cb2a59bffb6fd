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
import type {
  IncomingMedia,
  MediaPort,
  MediaSession,
  MediaSessionOptions,
  OutgoingData,
  OutgoingMedia,
} from '../media/MediaPort.ts';
import { asMediaStream, FakeStream, FakeTrack } from './fakeMediaStream.ts';

interface Sent {
  readonly source: MediaSource;
  track: MediaStreamTrack;
  state: 'sending' | 'paused' | 'closed';
  /** The largest encoding that is on; undefined while all are. */
  largestEncoding: number | undefined;
  /** How often the packets were stopped or let go. */
  turns: number;
}

/** One call's media: what is sent and received, without a network. */
export class FakeMediaSession implements MediaSession {
  readonly sent: Sent[] = [];
  /** Consumer ids being received. */
  readonly received = new Set<string>();
  readonly options: MediaSessionOptions;
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
  /** Awaited before a track is sent or replaced; when it rejects, that fails with its error. */
  negotiation: Promise<void> | undefined;

  constructor(options: MediaSessionOptions) {
    this.options = options;
    this.#gone.promise.catch(() => {});
  }

  sentFrom(source: MediaSource): Sent | undefined {
    return this.sent.findLast((sent) => sent.source === source);
  }

  async send(track: MediaStreamTrack, source: MediaSource): Promise<OutgoingMedia> {
    await this.negotiation;
    const sent: Sent = { source, track, state: 'sending', largestEncoding: undefined, turns: 0 };
    this.sent.push(sent);

    return {
      rtpParameters: { codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000 }] },
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

    return session;
  }
}
