import type { Clock } from '@parley/kit';
import { ortc } from 'mediasoup';
import type { RtpCapabilities } from '@parley/protocol';
import type { Logger } from 'pino';
import { codecs } from '../workers/codecs.ts';
import type { WorkerPool } from '../workers/WorkerPool.ts';
import { mediaError } from './mediaError.ts';
import { standardMediaLimits, type MediaLimits } from './mediaLimits.ts';
import { MediasoupCallMedia } from './MediasoupCallMedia.ts';
import type { CallMedia, CallMediaOptions, MediaService } from './mediaTypes.ts';
import { openWebRtcTransports, type OpenTransports } from './ParticipantTransports.ts';
import { fromMediasoupCapabilities } from './rtpMapping.ts';

export interface MediasoupMediaOptions {
  readonly pool: WorkerPool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly speakerIntervalMs: number;
  readonly limits?: Partial<MediaLimits> | undefined;
  /** WebRTC unless said otherwise; a load generator brings transports of another kind. */
  readonly openTransports?: OpenTransports | undefined;
}

/** How long a call that has lost its worker waits for another one. */
const replacementLimitMs = 5_000;

/** The media service over a pool of mediasoup workers. */
export class MediasoupMedia implements MediaService {
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly #options: MediasoupMediaOptions;

  constructor(options: MediasoupMediaOptions) {
    this.#options = options;
    this.routerRtpCapabilities = fromMediasoupCapabilities(ortc.generateRouterRtpCapabilities(codecs));
  }

  async createCallMedia(options: CallMediaOptions): Promise<CallMedia> {
    const { pool, clock, logger, speakerIntervalMs, limits, openTransports } = this.#options;

    try {
      return await MediasoupCallMedia.create(options, {
        clock,
        logger,
        speakerIntervalMs,
        openTransports: openTransports ?? openWebRtcTransports,
        limits: { ...standardMediaLimits, ...limits },
        placing: {
          choose: ([present]) => present ?? pool.leastLoaded(),
          whenReady: () => pool.whenReady(replacementLimitMs),
        },
      });
    } catch (error) {
      throw mediaError(error);
    }
  }
}
