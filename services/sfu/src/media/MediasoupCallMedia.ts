import { ProtocolError, type MediaOffer } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { mediaError } from './mediaError.ts';
import { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { CallMedia, CallMediaOptions, ParticipantMedia } from './mediaTypes.ts';
import { watchSpeakers } from './watchSpeakers.ts';

/** The media of one call: one router on one worker, and what listens for speakers. */
export class MediasoupCallMedia implements CallMedia {
  readonly #worker: MediaWorker;
  readonly #router: types.Router;
  readonly #audioLevels: types.AudioLevelObserver;
  readonly #transports = new Set<types.Transport>();

  private constructor(worker: MediaWorker, router: types.Router, audioLevels: types.AudioLevelObserver) {
    this.#worker = worker;
    this.#router = router;
    this.#audioLevels = audioLevels;
    router.observer.on('newtransport', (transport) => {
      this.#transports.add(transport);
      transport.observer.once('close', () => this.#transports.delete(transport));
    });
  }

  static async create(
    worker: MediaWorker,
    options: CallMediaOptions & { speakerIntervalMs: number },
  ): Promise<MediasoupCallMedia> {
    const router = await worker.createRouter();

    try {
      const audioLevels = await watchSpeakers(router, options.speakerIntervalMs, (participantIds) =>
        options.listener.onSpeakers(participantIds, participantIds[0]),
      );
      router.once('workerclose', () =>
        options.listener.onLost(worker.hasDied ? 'media_failed' : 'server_ended'),
      );

      return new MediasoupCallMedia(worker, router, audioLevels);
    } catch (error) {
      router.close();
      throw error;
    }
  }

  async addParticipant(participantId: string, offer: MediaOffer): Promise<ParticipantMedia> {
    try {
      return await MediasoupParticipantMedia.create({
        participantId,
        offer,
        router: this.#router,
        webRtcServer: this.#worker.webRtcServer,
        audioLevels: this.#audioLevels,
      });
    } catch (error) {
      // What the worker finds fault with then is that there is no such router.
      throw this.#router.closed
        ? new ProtocolError('call_not_found', undefined, { cause: error })
        : mediaError(error);
    }
  }

  setSpotlight(): void {}

  close(): void {
    // The router would close them as well, but the WebRtcServer would keep them in its books for good.
    for (const transport of this.#transports) {
      transport.close();
    }
    this.#router.close();
  }
}
