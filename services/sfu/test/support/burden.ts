import type { MediaWorker } from '../../src/workers/MediaWorker.ts';

const measurements = 4;

/** Makes the worker's load one that has been measured several times in a row. */
export function burden(worker: MediaWorker, fraction: number): void {
  const state = burdened.get(worker) ?? { cpuMs: 0, atMs: performance.now() };
  for (let count = 0; count < measurements; count += 1) {
    state.cpuMs += fraction * 1_000;
    state.atMs += 1_000;
    worker.measured(state.cpuMs, state.atMs);
  }
  burdened.set(worker, state);
}

const burdened = new WeakMap<MediaWorker, { cpuMs: number; atMs: number }>();
