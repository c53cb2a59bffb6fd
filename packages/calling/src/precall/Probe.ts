import type {
  ConsumerInfo,
  IceServer,
  MediaParameters,
  RtpParameters,
  TransportParameters,
} from '@parley/protocol';
import type { ClientInternals } from '../client/clientInternals.ts';
import type { MediaSession } from '../media/MediaPort.ts';
import type { PathState } from '../media/pathState.ts';
import { unless } from './stopping.ts';

export type Candidate = TransportParameters['iceCandidates'][number];

export interface SessionOptions {
  /** What the client sends over; each transport takes one association. */
  readonly over?: 'sendTransport' | 'receiveTransport';
  /** Which addresses of the server may be tried; all by default. */
  readonly candidates?: (candidate: Candidate) => boolean;
  readonly iceServers?: readonly IceServer[];
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  readonly onPathChanged: (state: PathState) => void;
}

/** The server's probe while it lasts, and the peer connections to it. */
export class Probe {
  readonly media: MediaParameters;
  /** When nothing more is to be tried. */
  readonly stop: AbortSignal;
  readonly #internals: ClientInternals;
  readonly #probeId: string;
  readonly #sessions: MediaSession[] = [];

  private constructor(
    internals: ClientInternals,
    stop: AbortSignal,
    probeId: string,
    media: MediaParameters,
  ) {
    this.#internals = internals;
    this.stop = stop;
    this.#probeId = probeId;
    this.media = media;
  }

  /**
   * Has a probe while the task goes on; nothing of it is left afterwards, however that ends. Rejects as the task does, with
   * what the server refuses it for, and with the signal's reason.
   */
  static async during<T>(
    internals: ClientInternals,
    stop: AbortSignal,
    task: (probe: Probe) => Promise<T>,
  ): Promise<T> {
    const media = await unless(stop, internals.mediaOffer());
    const end = (probeId: string): void => {
      // Gone already is as good; and without a connection it is gone.
      internals.request('endProbe', { probeId }).catch(() => {});
    };
    const starting = internals.request(
      'startProbe',
      { media },
      { onLateAnswer: ({ probeId }) => end(probeId) },
    );
    const probe = await unless(stop, starting).catch((error: unknown) => {
      starting.then(({ probeId }) => end(probeId)).catch(() => {});
      throw error;
    });
    const opened = new Probe(internals, stop, probe.probeId, probe.media);
    try {
      return await unless(stop, task(opened));
    } finally {
      opened.#sessions.forEach((session) => session.close());
      end(probe.probeId);
    }
  }

  open({ over = 'sendTransport', candidates = () => true, ...options }: SessionOptions): MediaSession {
    // A task that was stopped goes on until it comes to something like this.
    this.stop.throwIfAborted();
    const { sendTransport, receiveTransport } = this.media;
    const [first, second] =
      over === 'sendTransport' ? [sendTransport, receiveTransport] : [receiveTransport, sendTransport];
    const session = this.#internals.media.open({
      iceServers: [],
      ...options,
      sendTransport: { ...first, iceCandidates: first.iceCandidates.filter(candidates) },
      receiveTransport: second,
    });
    this.#sessions.push(session);

    return session;
  }

  /** Answers how what is sent comes back. */
  async loopBack(kind: 'audio' | 'video', rtpParameters: RtpParameters): Promise<ConsumerInfo> {
    this.stop.throwIfAborted();
    const probeId = this.#probeId;
    const { consumer } = await this.#internals.request('loopBack', { probeId, kind, rtpParameters });

    return consumer;
  }
}
