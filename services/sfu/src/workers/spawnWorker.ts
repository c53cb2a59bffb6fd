import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { systemClock } from '@parley/kit';
import { createWorker, version, type types } from 'mediasoup';

/** On these mediasoup would close its workers by itself, before anybody has said what becomes of the calls there. */
const signals = ['SIGINT', 'SIGTERM'] as const;

/** A worker is up in about 50 ms; one that has said nothing for this long never will. */
const defaultStartLimitMs = 10_000;

/**
 * Starts one worker process. It rejects with a sentence that names cause and cure, and leaves no process
 * behind then: a worker of another version than the npm package runs on but never says that it is ready.
 */
export async function spawnWorker(
  workerBin: string,
  startLimitMs: number = defaultStartLimitMs,
): Promise<types.Worker> {
  const started = startCapturing(workerBin);
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = systemClock.schedule(startLimitMs, () => {
    reject(new Error(`it said nothing for ${startLimitMs / 1000} s, as one of another version does`));
  });

  const onExit = (code: number | null, signal: string | null): void =>
    reject(new Error(`it ended before it was ready, code:${code}, signal:${signal}`));
  started.process?.once('exit', onExit);

  try {
    return await Promise.race([started.worker, tooLate]);
  } catch (error) {
    started.worker.catch(() => {});
    started.process?.kill('SIGKILL');
    const reason = error instanceof Error ? error.message : String(error);

    throw new Error(
      `The media worker ${workerBin} did not start (${reason}): run npm run setup, or let ` +
        `MEDIASOUP_WORKER_BIN name a mediasoup-worker ${version}.`,
      { cause: error },
    );
  } finally {
    timer.cancel();
    started.process?.off('exit', onExit);
  }
}

/**
 * mediasoup hands out a worker, and with it its process, only when it is ready. Node's own channel tells of
 * the process when it is spawned, which happens before `createWorker` returns.
 */
function startCapturing(workerBin: string): { worker: Promise<types.Worker>; process?: ChildProcess } {
  let spawned: ChildProcess | undefined;
  const capture = (message: unknown): void => {
    ({ process: spawned } = message as { process: ChildProcess });
  };

  const heardBefore = new Map(signals.map((signal) => [signal, new Set(process.listeners(signal))]));
  subscribe('child_process', capture);
  try {
    const worker = createWorker({ workerBin });

    return { worker, ...(spawned === undefined ? {} : { process: spawned }) };
  } finally {
    unsubscribe('child_process', capture);
    for (const [signal, before] of heardBefore) {
      const added = process.listeners(signal).filter((listener) => !before.has(listener));
      added.forEach((listener) => process.off(signal, listener));
    }
  }
}
