import { EventEmitter } from 'node:events';
import type { types } from 'mediasoup';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchPulse } from './watchPulse.ts';

const pid = 4_711;
let killed: (readonly [number, string | number | undefined])[];

beforeEach(() => {
  killed = [];
  vi.useFakeTimers();
  vi.spyOn(process, 'kill').mockImplementation((of, signal) => {
    killed.push([of, signal]);

    return true;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** One that is asked every second what it has used, and answers as long as it is told to. */
function workerThat(answers: () => boolean): types.Worker {
  const worker = {
    pid,
    observer: new EventEmitter(),
    getResourceUsage: () =>
      answers() ? Promise.resolve({ ru_utime: 1, ru_stime: 1 }) : new Promise<never>(() => {}),
  };
  watchPulse(worker as unknown as types.Worker, 1_000, () => {});

  return worker as unknown as types.Worker;
}

describe('a worker that is asked every second', () => {
  it('is killed when it has not answered five times in a row', async () => {
    workerThat(() => false);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(killed).toEqual([]);

    await vi.advanceTimersByTimeAsync(1);
    expect(killed).toEqual([[pid, 'SIGKILL']]);
  });

  it('lives on when it answers once in between', async () => {
    let asked = 0;
    workerThat(() => (asked += 1) % 5 === 0);
    await vi.advanceTimersByTimeAsync(60_000);

    expect([asked, killed]).toEqual([61, []]);
  });

  it('is asked no more once it is gone, and is not killed then', async () => {
    const worker = workerThat(() => false);
    worker.observer.emit('close');
    await vi.advanceTimersByTimeAsync(60_000);

    expect([vi.getTimerCount(), killed]).toEqual([0, []]);
  });
});
