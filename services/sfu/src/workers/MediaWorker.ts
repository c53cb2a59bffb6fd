import { systemClock } from '@parley/kit';
import type { types } from 'mediasoup';
import { CpuLoad } from './CpuLoad.ts';
import type { PortRange } from './PortRange.ts';
import { spawnWorker } from './spawnWorker.ts';
import { watchPulse } from './watchPulse.ts';

/** A worker that was asked to close does so within milliseconds; after this it is killed. */
const closeLimitMs = 2_000;

const defaultBeatMs = 1_000;

export interface MediaWorkerOptions {
  readonly workerBin: string;
  readonly listenAddress: string;
  readonly announcedAddress: string | undefined;
  readonly ports: PortRange;
  /** What its routers forward. */
  readonly codecs: types.RouterRtpCodecCapability[];
  readonly startLimitMs?: number | undefined;
  /** How often the process is asked whether it still answers; it is killed when it does not five times. */
  readonly beatMs?: number | undefined;
  /** Its load is known anew. */
  readonly onMeasured?: ((worker: MediaWorker) => void) | undefined;
}

/**
 * One mediasoup worker process with the one port that all of its media goes through. Whatever it is asked is
 * settled in time: a process that hangs is noticed and dies.
 */
export class MediaWorker {
  readonly port: number;
  readonly cpu = new CpuLoad();
  readonly webRtcServer: types.WebRtcServer;
  readonly #worker: types.Worker;
  readonly #codecs: types.RouterRtpCodecCapability[];
  readonly #onMeasured: ((worker: MediaWorker) => void) | undefined;
  #routers = 0;
  #transports = 0;

  private constructor(
    worker: types.Worker,
    { webRtcServer, port }: { webRtcServer: types.WebRtcServer; port: number },
    { codecs, onMeasured }: Pick<MediaWorkerOptions, 'codecs' | 'onMeasured'>,
  ) {
    this.#worker = worker;
    this.webRtcServer = webRtcServer;
    this.port = port;
    this.#codecs = codecs;
    this.#onMeasured = onMeasured;
  }

  static async create(options: MediaWorkerOptions): Promise<MediaWorker> {
    const worker = await spawnWorker(options.workerBin, options.startLimitMs);
    let made: MediaWorker | undefined;

    try {
      watchPulse(worker, options.beatMs ?? defaultBeatMs, (cpuMs) =>
        made?.measured(cpuMs, performance.now()),
      );
      made = new MediaWorker(worker, await listen(worker, options), options);

      return made;
    } catch (error) {
      await endProcess(worker);
      throw error;
    }
  }

  get pid(): number {
    return this.#worker.pid;
  }

  /** Whether the process ended by itself; false while it lives and when it was closed. */
  get hasDied(): boolean {
    return this.#worker.died;
  }

  /** Routers and transports that its calls have open. */
  get open(): number {
    return this.#routers + this.#transports;
  }

  /** What it is going to have to do, as far as that is known; a fraction of one core. */
  get expectedLoad(): number {
    return this.cpu.expected;
  }

  /** It has used that much processor time until then; the clock of `atMs` only goes forward. */
  measured(cpuMs: number, atMs: number): void {
    this.cpu.measured(cpuMs, atMs);
    this.#onMeasured?.(this);
  }

  /** Calls `listener` once when the worker is gone, whether it died or was closed, also by a signal. */
  onGone(listener: () => void): void {
    this.#worker.observer.once('close', listener);
  }

  async createRouter(): Promise<types.Router> {
    this.#routers += 1;
    try {
      const router = await this.#worker.createRouter({ mediaCodecs: this.#codecs });
      router.observer.once('close', () => (this.#routers -= 1));
      router.observer.on('newtransport', (transport) => {
        this.#transports += 1;
        transport.observer.once('close', () => (this.#transports -= 1));
      });

      return router;
    } catch (error) {
      this.#routers -= 1;
      throw error;
    }
  }

  /** What the process itself says it has. */
  dump(): Promise<types.WorkerDump> {
    return this.#worker.dump();
  }

  /** Ends the process and waits until it is gone. Idempotent. */
  async close(): Promise<void> {
    await endProcess(this.#worker);
  }
}

/** Opens one UDP and one TCP socket on the lowest port of the range where both are free. */
async function listen(
  worker: types.Worker,
  { ports, listenAddress, announcedAddress }: MediaWorkerOptions,
): Promise<{ webRtcServer: types.WebRtcServer; port: number }> {
  const busy: number[] = [];
  let cause: unknown;

  try {
    for (let port = ports.claim(); port !== undefined; port = ports.claim()) {
      const address = {
        ip: listenAddress,
        port,
        ...(announcedAddress === undefined ? {} : { announcedAddress }),
      };
      try {
        const webRtcServer = await worker.createWebRtcServer({
          listenInfos: [
            { protocol: 'udp', ...address },
            { protocol: 'tcp', ...address },
          ],
        });

        return { webRtcServer, port };
      } catch (error) {
        busy.push(port);
        cause = error;
      }
    }
  } finally {
    // Kept until now, so that the search went on to the next port; whoever searches later may find it free.
    busy.forEach((port) => ports.release(port));
  }

  const reason = cause instanceof Error ? `: ${cause.message}` : '';
  throw new Error(
    `Media finds no free port from ${ports.min} to ${ports.max} on ${listenAddress}${reason}. ` +
      'Set PARLEY_RTC_MIN_PORT and PARLEY_RTC_MAX_PORT to a range with a free UDP and TCP port for each worker, and one to spare for draining.',
    { cause },
  );
}

async function endProcess(worker: types.Worker): Promise<void> {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  worker.once('subprocessclose', resolve);
  worker.close();
  if (worker.subprocessClosed) {
    return;
  }
  const timer = systemClock.schedule(closeLimitMs, () => process.kill(worker.pid, 'SIGKILL'));
  await ended;
  timer.cancel();
}
