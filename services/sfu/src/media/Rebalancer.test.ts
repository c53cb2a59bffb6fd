import { pino } from 'pino';
import { expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { CpuLoad } from '../workers/CpuLoad.ts';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import type { MediasoupCallMedia } from './MediasoupCallMedia.ts';
import { Rebalancer } from './Rebalancer.ts';

/** One that was measured to have these loads, a second each. */
function workerOf(...loads: number[]): MediaWorker {
  const cpu = new CpuLoad();
  cpu.measured(0, 0);
  let cpuMs = 0;
  loads.forEach((load, index) => cpu.measured((cpuMs += load * 1_000), (index + 1) * 1_000));
  const worker: Pick<MediaWorker, 'cpu' | 'expectedLoad' | 'pid' | 'port'> = {
    cpu,
    expectedLoad: cpu.expected,
    pid: 1,
    port: 1,
  };

  return worker as MediaWorker;
}

/** How many of the two calls on the first worker are moved. */
function movedOff(...loads: number[]): number {
  const [from, to] = [workerOf(...loads), workerOf(0, 0, 0)];
  let moved = 0;
  const call: Pick<MediasoupCallMedia, 'id' | 'weightOn' | 'move'> = {
    id: 'call',
    weightOn: (worker) => (worker === from ? 1 : 0),
    async move() {
      moved += 1;
    },
  };
  const rebalancer = new Rebalancer({
    limit: 0.66,
    clock: new FakeClock(),
    logger: pino({ level: 'silent' }),
  });
  rebalancer.consider([from, to], [call, { ...call }] as MediasoupCallMedia[]);

  return moved;
}

it('a worker with one load above the limit is not relieved, and one with three in a row is', () => {
  expect(movedOff(0.5, 0.5, 0.9)).toBe(0);
  expect(movedOff(0.9, 0.5, 0.9)).toBe(0);
  expect(movedOff(0.9, 0.9)).toBe(0);
  expect(movedOff(0.9, 0.8, 0.9)).toBe(1);
});
