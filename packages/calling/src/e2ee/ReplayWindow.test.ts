import { assert as assertProperty, array, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReplayWindow } from './ReplayWindow.ts';

const size = 4_096;

describe('a replay window', () => {
  it('knows what it has seen, and takes what is too old for seen', () => {
    assertProperty(
      property(array(integer({ min: 0, max: 3 * size })), (counters) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        for (const counter of counters) {
          const isTooOld = counter <= Math.max(-1, ...seen) - size;
          expect(window.has(counter)).toBe(isTooOld || seen.has(counter));
          if (!isTooOld) {
            window.add(counter);
            seen.add(counter);
          }
        }
      }),
    );
  });

  it('works with the largest counters there are', () => {
    const window = new ReplayWindow();
    const last = 2 ** 48 - 1;

    window.add(last);
    window.add(last - 3);

    expect([last, last - 1, last - 3].map((counter) => window.has(counter))).toEqual([true, false, true]);
  });
});
