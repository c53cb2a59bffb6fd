import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { exponentialBackoff, InterruptibleClock, retry, systemClock, type Clock } from '@parley/kit';
import type { types } from 'mediasoup';
import type { Logger } from 'pino';
import { codecsWith } from './codecs.ts';
import { MediaWorker } from './MediaWorker.ts';
import { openFilesOf, watchOpenFiles } from './openFiles.ts';
import { PortRange } from './PortRange.ts';

export interface WorkerPoolOptions {
  readonly workerBin: string;
  /** One for each core the process may use, unless said otherwise. */
  readonly workerCount: number | undefined;
  readonly listenAddress: string;
  readonly announcedAddress: string | undefined;
  readonly rtcMinPort: number;
  readonly rtcMaxPort: number;
  /** Whether AV1 is forwarded as well; it is not by default. */
  readonly hasAv1?: boolean | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly startLimitMs?: number;
  readonly beatMs?: number;
}

/** A worker that cannot be replaced now may be later, when memory or the port is free again. */
const replacementPolicy = exponentialBackoff({ attempts: Infinity, firstDelayMs: 100, maxDelayMs: 5_000 });

/**
 * A process to start takes a core for a moment, which those need who have lost the worker that died: as long as there are
 * others for them, it comes after them.
 */
const replacementDelayMs = 1_500;

/**
 * What becomes of a worker that lives.
 *
 *                 retire               another has started
 *     running ──────────────► retiring ───────────────────► retired
 *                ◄──────────────
 *                 none could be
 *
 * One that retires still takes what comes; one that is retired carries what it has until that is elsewhere.
 */
export type WorkerState = 'running' | 'retiring' | 'retired';

/** The media workers of this node: owns their processes and replaces one that dies. */
export class WorkerPool {
  /** What all routers of all workers forward. */
  readonly codecs: types.RouterRtpCodecCapability[];
  readonly #options: WorkerPoolOptions;
  readonly #ports: PortRange;
  readonly #states = new Map<MediaWorker, WorkerState>();
  /** Workers being started in the place of others and processes being ended: what `close()` still waits for. */
  readonly #pending = new Set<Promise<void>>();
  #measured: (worker: MediaWorker) => void = () => {};
  /** Who waits for a worker while there is none. */
  readonly #waiting = new Set<() => void>();
  /** Replacements that can wait. */
  readonly #delayed = new Set<() => void>();
  /** Times the attempts to replace a worker, and those who wait for it. */
  readonly #clock: InterruptibleClock;
  #closed = false;

  private constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.codecs = codecsWith({ hasAv1: options.hasAv1 ?? false });
    this.#clock = new InterruptibleClock(options.clock);
    this.#ports = new PortRange(options.rtcMinPort, options.rtcMaxPort);
  }

  /** Starts all workers, or none: it rejects with a sentence for the operator when one cannot start. */
  static async create(options: WorkerPoolOptions): Promise<WorkerPool> {
    if (isWildcard(options.listenAddress) && options.announcedAddress === undefined) {
      throw new TypeError(
        `Clients cannot reach ${options.listenAddress}: an address to announce is needed beside a wildcard.`,
      );
    }
    const pool = new WorkerPool(options);
    const count = options.workerCount ?? availableParallelism();
    const ports = options.rtcMaxPort - options.rtcMinPort + 1;
    if (ports === count) {
      options.logger.warn({ ports }, 'no port to spare: media workers cannot be drained');
    }
    const started = await Promise.allSettled(Array.from({ length: count }, () => pool.#start()));
    const failure = started.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) {
      await pool.close();
      throw failure.reason;
    }

    return pool;
  }

  /** Whether a call could be placed now. */
  get isReady(): boolean {
    return !this.#closed && this.workers.length > 0;
  }

  /** Those that take what comes. */
  get workers(): readonly MediaWorker[] {
    return [...this.#states].flatMap(([worker, state]) => (state === 'retired' ? [] : worker));
  }

  /** Every one that lives. */
  get states(): ReadonlyMap<MediaWorker, WorkerState> {
    return this.#states;
  }

  /** Waits until there is a worker, but no longer than that; answers whether there is one. */
  async isReadyWithin(limitMs: number): Promise<boolean> {
    if (this.isReady || this.#closed) {
      return this.isReady;
    }
    const { promise: started, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.schedule(limitMs, resolve);
    this.#waiting.add(resolve);
    await started;
    timer.cancel();
    this.#waiting.delete(resolve);

    return this.isReady;
  }

  /** Calls the listener whenever the load of a worker is known anew. */
  onMeasured(listener: (worker: MediaWorker) => void): void {
    this.#measured = listener;
  }

  /**
   * Starts another worker in the place of one that is to go, which gets nothing new to carry and is still running; once
   * only, whoever asks again. Rejects when no other can be started: then it does not go.
   */
  async retire(worker: MediaWorker): Promise<void> {
    if (this.#states.get(worker) !== 'running') {
      return;
    }
    this.#states.set(worker, 'retiring');
    const starting = this.#start();
    this.#await(starting.catch(() => {}));
    try {
      await starting;
      this.#become(worker, 'retired');
    } catch (error) {
      if (!this.#become(worker, 'running')) {
        // It has died meanwhile, and nothing came in its place.
        this.#await(this.#replace());
      }
      throw error;
    }
  }

  /** Whether the worker goes, or has gone, as `retire` said. */
  isRetired(worker: MediaWorker): boolean {
    return this.#states.get(worker) === 'retired';
  }

  /** Ends every worker process and waits until they are gone. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#clock.interrupt();
    await Promise.all([...this.#states.keys()].map((worker) => worker.close()));
    await Promise.all(this.#pending);
  }

  async #start(): Promise<void> {
    if (this.#closed) {
      return;
    }
    const { workerBin, listenAddress, announcedAddress, startLimitMs, beatMs, logger } = this.#options;
    const worker = await MediaWorker.create({
      workerBin,
      listenAddress,
      announcedAddress,
      startLimitMs,
      beatMs,
      ports: this.#ports,
      codecs: this.codecs,
      onMeasured: (measured) => this.#measured(measured),
    });
    if (this.#closed) {
      await worker.close();

      return;
    }
    this.#states.set(worker, 'running');
    this.#waiting.forEach((resolve) => resolve());
    const stopLooking = watchOpenFiles(() => openFilesOf(worker.pid), {
      clock: systemClock,
      onCrowded: ({ count, limit }) =>
        logger.warn({ ...namesOf(worker), count, limit }, 'media worker runs out of files'),
    });
    worker.onGone(() => {
      stopLooking();
      this.#lose(worker);
    });
    logger.info(namesOf(worker), 'media worker started');
  }

  /** Answers whether the worker still lives. */
  #become(worker: MediaWorker, state: WorkerState): boolean {
    const isAlive = this.#states.has(worker);
    if (isAlive) {
      this.#states.set(worker, state);
    }

    return isAlive;
  }

  /** mediasoup closes its workers by itself on SIGINT and SIGTERM; only one that died is replaced. */
  #lose(worker: MediaWorker): void {
    const { logger } = this.#options;
    const state = this.#states.get(worker);
    this.#states.delete(worker);
    this.#ports.release(worker.port);
    if (!this.isReady) {
      this.#delayed.forEach((start) => start());
    }
    if (worker.hasDied) {
      logger.error(namesOf(worker), 'media worker died');
      // In the place of one that retires, another is being started already.
      if (state === 'running') {
        this.#await(this.#replace());
      }
    } else {
      logger.info(namesOf(worker), 'media worker closed');
      this.#await(worker.close());
    }
  }

  #await(task: Promise<void>): void {
    const pending = task.finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  /** Resolves when it is time to start another worker: at once when there is none. */
  async #turnOfReplacement(): Promise<void> {
    if (this.isReady) {
      const { promise: turn, resolve } = Promise.withResolvers<void>();
      const timer = this.#clock.schedule(replacementDelayMs, resolve);
      this.#delayed.add(resolve);
      await turn;
      timer.cancel();
      this.#delayed.delete(resolve);
    }
  }

  /** Tries until there is a new worker or the pool is closed. */
  async #replace(): Promise<void> {
    await this.#turnOfReplacement();
    await retry(
      () =>
        this.#start().catch((error: unknown) => {
          this.#options.logger.error({ err: error }, 'media worker not replaced');
          throw error;
        }),
      { policy: replacementPolicy, clock: this.#clock, isRetryable: () => !this.#closed },
    ).catch(() => {});
  }
}

/** How the log names a worker, as metrics and answers do. */
export function namesOf({ pid, port }: MediaWorker): { workerPid: number; workerPort: number } {
  return { workerPid: pid, workerPort: port };
}

function isWildcard(address: string): boolean {
  return isIP(address) !== 0 && /^[0:.]+$/.test(address);
}
