import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDeferred, systemClock } from '@parley/kit';
import { standardCallSettings, type MediaOffer } from '@parley/protocol';
import { locateWorker } from '@parley/setup';
import { version } from 'mediasoup';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MediasoupMedia } from '../src/media/MediasoupMedia.ts';
import type { CallMediaListener, CallMediaOptions } from '../src/media/mediaTypes.ts';
import type { MediaWorker } from '../src/workers/MediaWorker.ts';
import { WorkerPool, type WorkerPoolOptions } from '../src/workers/WorkerPool.ts';
import { FakeClock } from './support/FakeClock.ts';
import { killWorker } from './support/mediaWorkers.ts';
import { workerPids } from './support/workerPids.ts';

let folder: string;
let before: Set<number>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-workers-'));
  before = new Set(workerPids());
});

afterEach(async () => {
  await rm(folder, { recursive: true });
  const left = workerPids().filter((pid) => !before.has(pid));
  if (left.length > 0) {
    throw new Error(`The worker processes ${left.join()} were left behind.`);
  }
});

async function options(overrides: Partial<WorkerPoolOptions> = {}): Promise<WorkerPoolOptions> {
  return {
    workerBin: await locateWorker(),
    workerCount: 1,
    listenAddress: '127.0.0.1',
    announcedAddress: undefined,
    rtcMinPort: 43_000,
    rtcMaxPort: 43_999,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
    ...overrides,
  };
}

/** The worker of a pool of one. */
function only({ workers: [worker] }: WorkerPool): MediaWorker {
  if (worker === undefined) {
    throw new Error('No worker is running.');
  }

  return worker;
}

function mediaOver(pool: WorkerPool, speakerIntervalMs = 300): MediasoupMedia {
  return new MediasoupMedia({
    pool,
    speakerIntervalMs,
    clock: systemClock,
    logger: pino({ level: 'silent' }),
  });
}

function offerTo({ routerRtpCapabilities }: MediasoupMedia): MediaOffer {
  return {
    rtpCapabilities: routerRtpCapabilities,
    dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }],
  };
}

function callOptions(listener: Partial<CallMediaListener> = {}): CallMediaOptions {
  const ignore = (): void => {};

  return {
    callId: 'call',
    settings: standardCallSettings,
    listener: {
      onSpeakers: ignore,
      onWeakSenders: ignore,
      onAudioSlots: ignore,
      onConsumersAdded: ignore,
      onConsumersClosed: ignore,
      onEncodingsWanted: ignore,
      onReset: ignore,
      onExcess: ignore,
      onStreamBarred: ignore,
      onLost: ignore,
      ...listener,
    },
  };
}

async function executable(script: string): Promise<string> {
  const path = join(folder, 'worker');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);

  return path;
}

describe('starting the workers', () => {
  it('takes the next port of the range when one is in use', async () => {
    const blocker = createSocket('udp4').bind(28_500, '127.0.0.1');
    await once(blocker, 'listening');
    const pool = await WorkerPool.create(await options({ rtcMinPort: 28_500, rtcMaxPort: 28_510 }));

    expect(only(pool).port).toBeGreaterThan(28_500);
    await pool.close();
    blocker.close();
  });

  it('gives each worker a port of its own', async () => {
    const pool = await WorkerPool.create(await options({ workerCount: 2 }));

    expect(new Set(pool.workers.map(({ pid }) => pid)).size).toBe(2);
    expect(new Set(pool.workers.map(({ port }) => port)).size).toBe(2);
    await pool.close();
  });

  it('fails with one sentence of cause and cure when the range is taken', async () => {
    const blocker = createSocket('udp4').bind(28_600, '127.0.0.1');
    await once(blocker, 'listening');

    await expect(
      WorkerPool.create(await options({ rtcMinPort: 28_600, rtcMaxPort: 28_600 })),
    ).rejects.toThrow(
      /^Media finds no free port from 28600 to 28600 on 127\.0\.0\.1.*PARLEY_RTC_MIN_PORT and/,
    );
    blocker.close();
  });

  it('fails when there is no worker at the path', async () => {
    await expect(WorkerPool.create(await options({ workerBin: join(folder, 'nothing') }))).rejects.toThrow(
      /did not start \(spawn .*ENOENT\): run npm run setup/,
    );
  });

  it('fails when the worker exits, and starts none', async () => {
    const workerBin = await executable('exit 3');

    await expect(WorkerPool.create(await options({ workerBin, workerCount: 2 }))).rejects.toThrow(
      /did not start \(.*code:3.*\): run npm run setup/,
    );
  });

  it('fails within its time limit when the worker never reports, and ends that process', async () => {
    const pidFile = join(folder, 'pid');
    const workerBin = await executable(`echo $$ > ${pidFile}; exec sleep 600`);

    await expect(WorkerPool.create(await options({ workerBin, startLimitMs: 500 }))).rejects.toThrow(
      `MEDIASOUP_WORKER_BIN name a mediasoup-worker ${version}`,
    );
    const pid = Number(await readFile(pidFile, 'utf8'));
    await expect.poll(() => isRunning(pid)).toBe(false);
  });

  it('asks for an address to announce beside a wildcard', async () => {
    for (const listenAddress of ['0.0.0.0', '::']) {
      await expect(WorkerPool.create(await options({ listenAddress }))).rejects.toThrow(TypeError);
    }
  });
});

describe('the load of a worker', () => {
  it('is what its calls have open, and nothing when they have ended in whatever way', async () => {
    const pool = await WorkerPool.create(await options());
    const media = mediaOver(pool);
    const worker = only(pool);
    const offer = offerTo(media);
    const call = await media.createCallMedia(callOptions());
    const alice = await call.addParticipant('alice', offer);
    await call.addParticipant('bob', offer);
    expect(worker.open).toBe(5);

    alice.close();
    expect(worker.open).toBe(3);
    const late = call.addParticipant('carol', offer);
    call.close();
    await expect(late).rejects.toMatchObject({ code: 'call_not_found' });
    expect(worker.open).toBe(0);
    expect((await worker.webRtcServer.dump()).webRtcTransportIds).toEqual([]);
    await pool.close();
  });
});

describe('a worker that does not answer', () => {
  it('is killed and replaced, so that what waits for it fails and its calls go on elsewhere', async () => {
    const pool = await WorkerPool.create(await options({ beatMs: 50 }));
    const media = mediaOver(pool);
    const hung = only(pool);
    const call = await media.createCallMedia(callOptions());

    process.kill(hung.pid, 'SIGSTOP');
    await expect(media.createCallMedia(callOptions())).rejects.toMatchObject({ code: 'unavailable' });
    await call.addParticipant('alice', offerTo(media));
    expect(only(pool).pid).not.toBe(hung.pid);
    await pool.close();
  });
});

describe('closing the workers while one is started in the place of another', () => {
  it('waits until that one is gone too', async () => {
    const pool = await WorkerPool.create(await options());
    const retired = pool.retire(only(pool));
    await pool.close();

    expect(workerPids().filter((pid) => !before.has(pid))).toEqual([]);
    expect(pool.states.size).toBe(0);
    await retired;
  });
});

describe('a worker that dies while another is started in its place', () => {
  it('is replaced by that one alone', async () => {
    const pool = await WorkerPool.create(await options());
    const worker = only(pool);
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    worker.onGone(resolve);

    const retired = pool.retire(worker);
    process.kill(worker.pid, 'SIGKILL');
    await Promise.all([retired, gone]);

    // Whatever else was started by then is up before this one is.
    const next = only(pool);
    await pool.retire(next);
    expect([...pool.states.values()].toSorted()).toEqual(['retired', 'running']);
    await pool.close();
  });

  it('is replaced by a later one when that one cannot be started', async () => {
    const workerBin = join(folder, 'worker');
    await symlink(await locateWorker(), workerBin);
    const pool = await WorkerPool.create(await options({ workerBin }));
    const worker = only(pool);
    await rm(workerBin);
    await executable(`while kill -0 ${worker.pid}; do sleep 0.01; done; exit 3`);

    const retired = pool.retire(worker);
    process.kill(worker.pid, 'SIGKILL');
    await expect(retired).rejects.toThrow(/did not start/);
    await rm(workerBin);
    await symlink(await locateWorker(), workerBin);

    await expect.poll(() => pool.isReady, { timeout: 5_000 }).toBe(true);
    expect(pool.states.size).toBe(1);
    await pool.close();
  });
});

describe('a worker that dies beside others', () => {
  let clock: FakeClock;
  let pool: WorkerPool;

  beforeEach(async () => {
    clock = new FakeClock();
    pool = await WorkerPool.create(await options({ clock, workerCount: 2, beatMs: 3_600_000 }));
    await killOne();
  });

  const killOne = async (): Promise<void> => {
    const [worker] = pool.workers;
    if (worker !== undefined) {
      await killWorker(worker);
    }
  };

  afterEach(() => pool.close());

  it('is replaced when its calls have had the time to come to those', async () => {
    expect(clock.pending).toBe(1);
    clock.advance(1_500);

    await expect.poll(() => pool.workers.length).toBe(2);
  });

  it('is replaced at once when the last of those dies too', async () => {
    await killOne();

    await expect.poll(() => pool.workers.length).toBe(2);
    expect(clock.pending).toBe(0);
  });
});

describe('a worker that cannot be replaced', () => {
  let workerBin: string;
  let clock: FakeClock;
  let pool: WorkerPool;
  let failures: number;

  beforeEach(async () => {
    workerBin = join(folder, 'worker');
    await symlink(await locateWorker(), workerBin);
    clock = new FakeClock();
    failures = 0;
    const count = (line: string): void => void (failures += line.includes('not replaced') ? 1 : 0);
    const logger = pino({ level: 'error' }, { write: count });
    pool = await WorkerPool.create(await options({ workerBin, clock, logger }));
    await rm(workerBin);
    process.kill(only(pool).pid, 'SIGKILL');
  });

  it('is tried again however often it takes', async () => {
    for (let attempt = 1; attempt <= 12; attempt += 1) {
      await expect.poll(() => [failures, clock.pending]).toEqual([attempt, 1]);
      expect(pool.isReady).toBe(false);
      if (attempt === 12) {
        await symlink(await locateWorker(), workerBin);
      }
      clock.advance(5_000);
    }

    await expect.poll(() => pool.isReady).toBe(true);
    await pool.close();
  });

  it('does not hold up the closing of the pool', async () => {
    await expect.poll(() => clock.pending).toBe(1);
    await pool.close();

    expect([failures, clock.pending]).toEqual([1, 0]);
  });
});

describe('the media of a call', () => {
  it('leaves no router behind when it cannot be made', async () => {
    const pool = await WorkerPool.create(await options());
    // mediasoup refuses what is no number before it asks the worker.
    const media = mediaOver(pool, 'often' as unknown as number);

    await expect(media.createCallMedia(callOptions())).rejects.toThrow(/interval/);
    expect(only(pool).open).toBe(0);
    await pool.close();
  });

  it('is lost as server_ended with a worker that is closed', async () => {
    const pool = await WorkerPool.create(await options());
    const lost = createDeferred<string>();
    await mediaOver(pool).createCallMedia(callOptions({ onLost: (reason) => lost.resolve(reason) }));

    await only(pool).close();
    expect(await lost.promise).toBe('server_ended');
    await pool.close();
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);

    return true;
  } catch {
    return false;
  }
}
