import { describe, expect, it } from 'vitest';
import { CpuLoad } from '../workers/CpuLoad.ts';
import { standardLoadLimits } from '../workers/loadLimits.ts';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import { Placement } from './Placement.ts';

/** One that was measured a moment ago, so many times in a row, to have that much to do. */
function workerAt(load: number, times = 1): MediaWorker {
  const cpu = new CpuLoad();
  cpu.measured(0, 0);
  for (let time = 1; time <= times; time += 1) {
    cpu.measured(time * load * 1_000, time * 1_000);
  }
  const worker: Pick<MediaWorker, 'cpu' | 'expectedLoad' | 'open'> = {
    cpu,
    open: 10,
    get expectedLoad() {
      return cpu.expected;
    },
  };

  return worker as MediaWorker;
}

function placementOver(...workers: MediaWorker[]): Placement {
  return new Placement({
    pool: { workers, isRetired: () => false, isReadyWithin: async () => true },
    limits: standardLoadLimits,
    random: () => 0,
  });
}

describe('before there is another measurement', () => {
  it('the calls of a worker that has died are spread over those that are left', () => {
    const [one, other] = [workerAt(0.3), workerAt(0.31)];
    const placement = placementOver(one, other);
    const chosen = Array.from({ length: 6 }, () => placement.forMovers([], 4));

    expect(chosen.filter((worker) => worker === one)).toHaveLength(3);
    expect(one.expectedLoad + other.expectedLoad).toBeCloseTo(0.61 + 0.24);
  });

  it('calls that begin are spread over the workers', () => {
    const [one, other] = [workerAt(0.3), workerAt(0.31)];
    const placement = placementOver(one, other);
    const chosen = Array.from({ length: 40 }, () => placement.forNewcomer([], { avoidsSpan: false }));

    const onOne = chosen.filter((worker) => worker === one).length;
    expect(Math.abs(onOne - 20)).toBeLessThanOrEqual(1);
  });

  it('a call that avoids another worker stays on its own as long as that takes people', () => {
    const [home, other] = [workerAt(0.8), workerAt(0.1)];
    const placement = placementOver(home, other);

    expect(placement.forNewcomer([home], { avoidsSpan: true })).toBe(home);
    expect(placement.forNewcomer([home], { avoidsSpan: false })).toBe(other);
  });

  it('a call into which many come goes over to another worker when its own is to be full with them', () => {
    const [home, other] = [workerAt(0.6), workerAt(0.1)];
    const placement = placementOver(home, other);
    const chosen = Array.from({ length: 20 }, () => placement.forNewcomer([home], { avoidsSpan: false }));

    expect(chosen.filter((worker) => worker === home).length).toBeLessThan(10);
    expect(chosen).toContain(other);
  });
});

describe('while all workers are so busy that they let nobody in', () => {
  it('whoever has lost theirs is taken on all the same, and only newcomers are turned away', () => {
    const [one, other] = [workerAt(0.95, 4), workerAt(0.96, 4)];
    const placement = placementOver(one, other);
    [one, other].forEach((worker) => placement.measured(worker));
    expect([one, other].map((worker) => placement.sheddingOf(worker))).toEqual(['noJoin', 'noJoin']);

    expect(() => placement.forNewcomer([one], { avoidsSpan: false })).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
    expect([placement.forMovers([], 4), placement.forMovers([one], 4)]).toEqual([one, one]);
  });
});
