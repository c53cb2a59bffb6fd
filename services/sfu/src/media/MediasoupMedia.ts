import type { Clock } from '@parley/kit';
import { ortc } from 'mediasoup';
import type { RtpCapabilities } from '@parley/protocol';
import type { Logger } from 'pino';
import { codecs } from '../workers/codecs.ts';
import { standardLoadLimits, type LoadLimits } from '../workers/loadLimits.ts';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import type { WorkerPool } from '../workers/WorkerPool.ts';
import { countMedia, type MediaCounts } from './inspectMedia.ts';
import { mediaError } from './mediaError.ts';
import { mediaLimitsWith, type ChangedMediaLimits } from './mediaLimits.ts';
import { MediasoupCallMedia } from './MediasoupCallMedia.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import type { CallMedia, CallMediaOptions, MediaService } from './mediaTypes.ts';
import { openWebRtcTransports, type OpenTransports } from './ParticipantTransports.ts';
import { Placement } from './Placement.ts';
import { Rebalancer } from './Rebalancer.ts';
import { fromMediasoupCapabilities } from './rtpMapping.ts';
import type { MoveCause } from './Whereabouts.ts';
import { Traffic, type TrafficTotals } from './Traffic.ts';

export interface MediasoupMediaOptions {
  readonly pool: WorkerPool;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly speakerIntervalMs: number;
  readonly limits?: ChangedMediaLimits | undefined;
  readonly loadLimits?: Partial<LoadLimits> | undefined;
  /** WebRTC unless said otherwise; a load generator brings transports of another kind. */
  readonly openTransports?: OpenTransports | undefined;
  /** So many participants of a call are on another worker. */
  readonly onMoved?: ((cause: MoveCause, participants: number) => void) | undefined;
  /** From 0 up to 1, as `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** The media service over a pool of mediasoup workers. */
export class MediasoupMedia implements MediaService {
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly #options: MediasoupMediaOptions;
  readonly #placement: Placement;
  readonly #rebalancer: Rebalancer;
  readonly #calls = new Set<MediasoupCallMedia>();
  readonly #traffic = new Traffic(() => ({
    transports: this.#participants.flatMap(({ transports }) =>
      transports === undefined ? [] : [transports.send, transports.receive],
    ),
    producers: this.#participants.flatMap(({ streams }) => streams.flatMap(({ producer }) => producer ?? [])),
  }));

  constructor(options: MediasoupMediaOptions) {
    const { pool, clock, logger, loadLimits, random = Math.random } = options;
    const limits = { ...standardLoadLimits, ...loadLimits };
    this.#options = options;
    this.#placement = new Placement({ pool, limits, random });
    this.#rebalancer = new Rebalancer({ limit: limits.relieveAbove, clock, logger });
    this.routerRtpCapabilities = fromMediasoupCapabilities(ortc.generateRouterRtpCapabilities(codecs));
    pool.onMeasured((worker) => this.#measured(worker));
  }

  async createCallMedia(options: CallMediaOptions): Promise<CallMedia> {
    const { clock, logger, speakerIntervalMs, limits, openTransports, onMoved = () => {} } = this.#options;

    try {
      const call = await MediasoupCallMedia.create(options, {
        clock,
        logger,
        speakerIntervalMs,
        openTransports: openTransports ?? openWebRtcTransports,
        limits: mediaLimitsWith(limits),
        placement: this.#placement,
        onMoved,
        onClosed: (closed) => this.#calls.delete(closed),
      });
      this.#calls.add(call);

      return call;
    } catch (error) {
      throw mediaError(error);
    }
  }

  get counts(): MediaCounts {
    return countMedia(this.#participants);
  }

  /** What has gone through so far. */
  traffic(): Promise<TrafficTotals> {
    return this.#traffic.look();
  }

  /** Takes all calls off the worker, of which another takes the place, and closes it; resolves when it is gone. */
  async drain(worker: MediaWorker): Promise<void> {
    const { pool, logger } = this.#options;
    logger.info({ workerPid: worker.pid }, 'media worker is drained');
    await pool.retire(worker);
    for (const call of this.#calls) {
      if (call.isOn(worker)) {
        await call.moveAway(worker);
      }
    }
    await worker.close();
  }

  get #participants(): MediasoupParticipantMedia[] {
    return [...this.#calls].flatMap(({ participants }) => participants);
  }

  #measured(worker: MediaWorker): void {
    const before = this.#placement.sheddingOf(worker);
    this.#placement.measured(worker);
    const now = this.#placement.sheddingOf(worker);
    if (now !== before) {
      this.#options.logger.warn({ workerPid: worker.pid, shedding: now }, 'media worker sheds load');
      this.#calls.forEach((call) => call.shed(worker));
    }
    this.#rebalancer.consider(this.#options.pool.workers, this.#calls);
  }
}
