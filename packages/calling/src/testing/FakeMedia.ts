import type { ConsumerInfo, MediaOffer, MediaSource } from '@parley/protocol';
import type {
  IncomingMedia,
  MediaPort,
  MediaSession,
  MediaSessionOptions,
  OutgoingMedia,
} from '../media/MediaPort.ts';
import { asMediaStream, FakeStream, FakeTrack } from './fakeMediaStream.ts';

interface Sent {
  readonly source: MediaSource;
  track: MediaStreamTrack;
  state: 'sending' | 'paused' | 'closed';
}

/** One call's media: what is sent and received, without a network. */
export class FakeMediaSession implements MediaSession {
  readonly sent: Sent[] = [];
  /** Consumer ids being received. */
  readonly received = new Set<string>();
  readonly options: MediaSessionOptions;
  isClosed = false;
  /** Awaited before a track is sent or replaced; when it rejects, that fails with its error. */
  negotiation: Promise<void> | undefined;

  constructor(options: MediaSessionOptions) {
    this.options = options;
  }

  sentFrom(source: MediaSource): Sent | undefined {
    return this.sent.findLast((sent) => sent.source === source);
  }

  async send(track: MediaStreamTrack, source: MediaSource): Promise<OutgoingMedia> {
    await this.negotiation;
    const sent: Sent = { source, track, state: 'sending' };
    this.sent.push(sent);

    return {
      rtpParameters: { codecs: [{ mimeType: 'audio/opus', payloadType: 111, clockRate: 48_000 }] },
      pause: () => {
        sent.state = 'paused';
      },
      resume: () => {
        sent.state = 'sending';
      },
      replaceTrack: async (replacement) => {
        await this.negotiation;
        sent.track = replacement;
      },
      close: () => {
        sent.state = 'closed';
      },
    };
  }

  async receive({ id, kind }: ConsumerInfo): Promise<IncomingMedia> {
    this.received.add(id);

    return {
      stream: asMediaStream(new FakeStream([new FakeTrack(kind)])),
      close: () => {
        this.received.delete(id);
      },
    };
  }

  close(): void {
    this.isClosed = true;
    this.received.clear();
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
