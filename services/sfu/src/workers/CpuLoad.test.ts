import { describe, expect, it } from 'vitest';
import { CpuLoad } from './CpuLoad.ts';

/** A load that was measured to be these, one second after another. */
function loadOf(...fractions: number[]): CpuLoad {
  const load = new CpuLoad();
  let cpuMs = 500;
  load.measured(cpuMs, 0);
  fractions.forEach((fraction, index) => {
    cpuMs += fraction * 1_000;
    load.measured(cpuMs, (index + 1) * 1_000);
  });

  return load;
}

describe('the load of a worker', () => {
  it('is the processor time between two measurements, not since the process began', () => {
    expect(loadOf(0.25).present).toBe(0.25);
  });

  it('is not held to last before three measurements in a row say so', () => {
    expect(loadOf(0.9, 0.9).atLeast).toBe(0);
    expect(loadOf(0.9, 0.8, 0.7).atLeast).toBe(0.7);
  });

  it('forgets what is longer ago than three measurements', () => {
    const load = loadOf(0.1, 0.9, 0.8, 0.7);

    expect([load.atLeast, load.atMost]).toEqual([0.7, 0.9]);
  });

  it('is expected to rise with everybody who was sent there since the last measurement, and only since then', () => {
    const load = loadOf(0.5);
    load.joined(20);
    expect(load.expected).toBeCloseTo(0.7);

    load.measured(1_000, 2_000);
    expect(load.expected).toBe(load.present);
  });
});
