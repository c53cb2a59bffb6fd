import { describe, expect, it } from 'vitest';
import { PortRange } from './PortRange.ts';

describe('PortRange', () => {
  it('gives each port once, the lowest first, and a released one again', () => {
    const range = new PortRange(100, 102);

    expect([range.claim(), range.claim(), range.claim(), range.claim()]).toEqual([100, 101, 102, undefined]);
    range.release(101);
    expect(range.claim()).toBe(101);
  });

  it('rejects what is no range with TypeError', () => {
    for (const [min, max] of [
      [2, 1],
      [0, 10],
      [1, 65_536],
      [1.5, 3],
    ] as const) {
      expect(() => new PortRange(min, max)).toThrow(TypeError);
    }
  });
});
