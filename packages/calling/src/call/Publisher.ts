import type { MediaSource } from '@parley/protocol';
import { toCallError } from '../errors.ts';
import type { MediaSession, OutgoingMedia } from '../media/MediaPort.ts';
import type { Request } from '../signaling/Connection.ts';

/** One track being sent, known to the server. */
export interface Publication {
  readonly producerId: string;
  readonly isPaused: boolean;
  /** The packets stop at once; resolves when the others are told. */
  pause(): Promise<void>;
  /** Resolves when the packets flow again. */
  resume(): Promise<void>;
  replaceTrack(track: MediaStreamTrack): Promise<void>;
  /** Idempotent; resolves when the server knows. */
  close(): Promise<void>;
  /** The server has paused it, and has told the others. */
  pausedByServer(): void;
  /** The server has ended it, and has told the others. */
  endedByServer(): void;
}

interface PublisherOptions {
  callId: string;
  /** The send transport of the session. */
  transportId: string;
  session: MediaSession;
  request: Request;
}

/** Sends the streams of one call. Every rejection, those of its publications too, is a `CallError`. */
export class Publisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** @throws CallError `forbidden` when the role may not send this source. */
  async publish(source: MediaSource, track: MediaStreamTrack, paused = false): Promise<Publication> {
    const { callId, transportId, session, request } = this.#options;
    const outgoing = await session.send(track, source).catch(rethrowCoded);
    if (paused) {
      outgoing.pause();
    }
    try {
      const { rtpParameters } = outgoing;
      const data = { callId, transportId, source, rtpParameters, paused };
      const { producerId } = await request('produce', data);

      return this.#publication(outgoing, producerId, paused);
    } catch (error) {
      outgoing.close();
      throw error;
    }
  }

  #publication(outgoing: OutgoingMedia, producerId: string, initiallyPaused: boolean): Publication {
    const { callId, request } = this.#options;
    const target = { callId, producerId };
    let state: 'sending' | 'paused' | 'closed' = initiallyPaused ? 'paused' : 'sending';

    return {
      producerId,
      get isPaused() {
        return state === 'paused';
      },
      async pause() {
        state = 'paused';
        outgoing.pause();
        await request('pauseProducer', target);
      },
      async resume() {
        await request('resumeProducer', target);
        if (state !== 'closed') {
          state = 'sending';
          outgoing.resume();
        }
      },
      replaceTrack: (track) => outgoing.replaceTrack(track).catch(rethrowCoded),
      async close() {
        if (state !== 'closed') {
          state = 'closed';
          outgoing.close();
          await request('closeProducer', target);
        }
      },
      pausedByServer() {
        state = 'paused';
        outgoing.pause();
      },
      endedByServer() {
        state = 'closed';
        outgoing.close();
      },
    };
  }
}

/** What the browser's media stack throws carries no code. */
function rethrowCoded(error: unknown): never {
  throw toCallError(error);
}
