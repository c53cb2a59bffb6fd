import { ortc } from 'mediasoup';
import type { RtpCapabilities } from '@parley/protocol';
import { codecs } from '../workers/codecs.ts';
import type { WorkerPool } from '../workers/WorkerPool.ts';
import { mediaError } from './mediaError.ts';
import { MediasoupCallMedia } from './MediasoupCallMedia.ts';
import type { CallMedia, CallMediaOptions, MediaService } from './mediaTypes.ts';
import { fromMediasoupCapabilities } from './rtpMapping.ts';

/** The media service over a pool of mediasoup workers: one router per call, on the least loaded worker. */
export class MediasoupMedia implements MediaService {
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly #pool: WorkerPool;
  readonly #speakerIntervalMs: number;

  constructor(pool: WorkerPool, speakerIntervalMs: number) {
    this.#pool = pool;
    this.#speakerIntervalMs = speakerIntervalMs;
    this.routerRtpCapabilities = fromMediasoupCapabilities(ortc.generateRouterRtpCapabilities(codecs));
  }

  async createCallMedia(options: CallMediaOptions): Promise<CallMedia> {
    const worker = this.#pool.leastLoaded();

    try {
      return await MediasoupCallMedia.create(worker, {
        ...options,
        speakerIntervalMs: this.#speakerIntervalMs,
      });
    } catch (error) {
      throw mediaError(error);
    }
  }
}
