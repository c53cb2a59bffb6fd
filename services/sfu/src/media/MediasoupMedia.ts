import { SerialQueue, type Clock } from '@parley/kit';
import { ortc } from 'mediasoup';
import { ProtocolError, type RtpCapabilities } from '@parley/protocol';
import type { Logger } from 'pino';
import { standardLoadLimits, type LoadLimits } from '../workers/loadLimits.ts';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { namesOf, type WorkerPool } from '../workers/WorkerPool.ts';
import { CallSite } from './CallSite.ts';
import { countMedia, type MediaCounts, type WorkerSummary } from './inspectMedia.ts';
import { mediaError } from './mediaError.ts';
import { mediaLimitsWith, type ChangedMediaLimits } from './mediaLimits.ts';
import { MediasoupCallMedia } from './MediasoupCallMedia.ts';
import type { MediasoupParticipantMedia } from './MediasoupParticipantMedia.ts';
import { MediasoupProbeMedia } from './MediasoupProbeMedia.ts';
import type {
  CallMedia,
  CallMediaOptions,
  MediaService,
  ProbeMedia,
  ProbeMediaOptions,
} from './mediaTypes.ts';
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

/** How many times the load of a worker is measured until what goes through it is looked at again. */
const beatsPerLook = 3;

/** The media service over a pool of mediasoup workers. */
export class MediasoupMedia implements MediaService {
  readonly routerRtpCapabilities: RtpCapabilities;
  readonly #options: MediasoupMediaOptions;
  readonly #placement: Placement;
  readonly #rebalancer: Rebalancer;
  readonly #calls = new Set<MediasoupCallMedia>();
  readonly #probes = new Set<MediasoupProbeMedia>();
  /** How often the load of each worker was measured. */
  readonly #beats = new WeakMap<MediaWorker, number>();
  /** Those that have not said yet what goes through them. */
  readonly #looking = new WeakSet<MediaWorker>();
  readonly #traffic = new Traffic(() => ({
    transports: this.#participants.flatMap(({ transports }) =>
      transports === undefined ? [] : [transports.send, transports.receive],
    ),
    producers: this.#participants.flatMap(({ streams }) => streams.flatMap(({ producer }) => producer ?? [])),
    consumers: this.#participants.flatMap(({ receptions }) =>
      receptions.all.flatMap(({ consumer }) => (consumer === undefined || consumer.paused ? [] : consumer)),
    ),
  }));
  /** One worker after another: one port to spare is enough, and who asks again finds the work done. */
  readonly #drains = new SerialQueue('drains of media workers');

  constructor(options: MediasoupMediaOptions) {
    const { pool, clock, logger, loadLimits, random = Math.random } = options;
    const limits = { ...standardLoadLimits, ...loadLimits };
    this.#options = options;
    this.#placement = new Placement({ pool, limits, random });
    this.#rebalancer = new Rebalancer({ limit: limits.relieveAbove, clock, logger });
    this.routerRtpCapabilities = fromMediasoupCapabilities(ortc.generateRouterRtpCapabilities(pool.codecs));
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

  async createProbeMedia(options: ProbeMediaOptions): Promise<ProbeMedia> {
    const { openTransports = openWebRtcTransports } = this.#options;
    const limits = mediaLimitsWith(this.#options.limits);
    const { probeId: participantId, offer } = options;
    const worker = this.#placement.forNewcomer([], { avoidsSpan: false });

    try {
      const site = await CallSite.create(worker);
      try {
        const transports = await openTransports({ site, participantId, offer, limits });
        site.requireOpen();
        const probe = new MediasoupProbeMedia({
          options,
          site,
          transports,
          limits,
          onClosed: (closed) => this.#probes.delete(closed),
        });
        this.#probes.add(probe);

        return probe;
      } catch (error) {
        site.close();
        throw error;
      }
    } catch (error) {
      throw mediaError(error);
    }
  }

  /** Of calls: probes are none. */
  get counts(): MediaCounts {
    return countMedia(this.#participants);
  }

  /** What has gone through so far. */
  traffic(): Promise<TrafficTotals> {
    return this.#traffic.look();
  }

  /** Every worker that lives, and what is on it. */
  get workers(): WorkerSummary[] {
    const calls = [...this.#calls];

    return [...this.#options.pool.states].map(([worker, state]) => ({
      pid: worker.pid,
      port: worker.port,
      state,
      load: worker.cpu.present,
      cpuSeconds: worker.cpu.usedSeconds,
      shedding: this.#placement.sheddingOf(worker),
      calls: calls.filter((call) => call.isOn(worker)).length,
      participants: calls.reduce((sum, call) => sum + call.participantsOn(worker), 0),
    }));
  }

  /**
   * Takes all calls off the worker of that pid, of which another takes the place, and ends it; resolves when it is gone.
   * Answers undefined when there is none. Rejects while none can take its place and when a call cannot be moved; asked
   * again, it goes on from there.
   */
  async drain(pid: number): Promise<MediaWorker | undefined> {
    const worker = [...this.#options.pool.states.keys()].find((one) => one.pid === pid);
    await (worker && this.#drains.push(() => this.#drain(worker)));

    return worker;
  }

  async #drain(worker: MediaWorker): Promise<void> {
    const { pool } = this.#options;
    if (!pool.states.has(worker)) {
      return;
    }
    const logger = this.#options.logger.child(namesOf(worker));
    logger.info('media worker is being drained');
    try {
      await pool.retire(worker);
      await this.#empty(worker, logger);
      await worker.close();
      logger.info('media worker drained');
    } catch (error) {
      logger.error({ err: error }, 'media worker not drained');
      throw error;
    }
  }

  /** Rejects when a call cannot be moved, once all others have been. */
  async #empty(worker: MediaWorker, logger: Logger): Promise<void> {
    for (const call of this.#calls) {
      if (call.isOn(worker)) {
        await call.moveAway(worker).then(
          () => logger.info({ callId: call.id }, 'call moved off the worker'),
          (error: unknown) => logger.warn({ callId: call.id, err: error }, 'call not moved'),
        );
      }
    }
    const left = [...this.#calls].filter((call) => call.isOn(worker)).length;
    if (left > 0) {
      throw new ProtocolError('unavailable', `${left} calls could not be moved: drain the worker again.`);
    }
  }

  get #participants(): MediasoupParticipantMedia[] {
    return [...this.#calls].flatMap(({ participants }) => participants);
  }

  #measured(worker: MediaWorker): void {
    const before = this.#placement.sheddingOf(worker);
    this.#placement.measured(worker);
    const now = this.#placement.sheddingOf(worker);
    if (now !== before) {
      this.#options.logger.warn({ ...namesOf(worker), shedding: now }, 'media worker sheds load');
      this.#calls.forEach((call) => call.shed(worker));
    }
    this.#rebalancer.consider(this.#options.pool.workers, this.#calls);
    this.#limitTraffic(worker);
  }

  /** Not at every beat: it is a question to the worker for each transport and each stream. */
  #limitTraffic(worker: MediaWorker): void {
    const beats = (this.#beats.get(worker) ?? 0) + 1;
    this.#beats.set(worker, beats);
    if (beats % beatsPerLook === 0 && !this.#looking.has(worker)) {
      this.#looking.add(worker);
      const looks = [...this.#calls, ...this.#probes].map((media) => media.limitTraffic(worker));
      void Promise.all(looks).finally(() => this.#looking.delete(worker));
    }
  }
}
