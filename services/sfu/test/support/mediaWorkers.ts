import process from 'node:process';
import type { MediaWorker } from '../../src/workers/MediaWorker.ts';

/** The worker that carries most. */
export function busiestOf(workers: readonly MediaWorker[]): MediaWorker {
  return workers.reduce((most, worker) => (worker.open > most.open ? worker : most));
}

/** Resolves when the pool knows of it: the next death is a later one. */
export async function killWorker(worker: MediaWorker): Promise<void> {
  const { promise: gone, resolve } = Promise.withResolvers<void>();
  worker.onGone(resolve);
  process.kill(worker.pid, 'SIGKILL');
  await gone;
}
