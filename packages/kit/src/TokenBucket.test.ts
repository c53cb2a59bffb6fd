import { expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { TokenBucket } from './TokenBucket.ts';

class FakeClock implements Clock {
  #nowMs = 1_000_000;

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  schedule(): never {
    throw new Error('A bucket needs no timer.');
  }
}

it('lets a burst through, then holds to the rate and says how long to wait', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ capacity: 3, perSecond: 2, clock });

  expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0, 0.5]);
  clock.advance(250);
  expect(bucket.take()).toBe(0.25);
  clock.advance(250);
  expect(bucket.take()).toBe(0);
});

it('saves up no more than its capacity', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ capacity: 2, perSecond: 1, clock });
  clock.advance(60_000);

  expect([bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 1]);
});

it('takes nothing away when the clock of the machine is set back', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ capacity: 2, perSecond: 1, clock });
  clock.advance(-60_000);

  expect(bucket.take()).toBe(0);
});

it('takes several tokens together or none, and of more than it holds all it holds', () => {
  const clock = new FakeClock();
  const bucket = new TokenBucket({ capacity: 4, perSecond: 1, clock });

  expect([bucket.take(3), bucket.take(3), bucket.take(1)]).toEqual([0, 2, 0]);
  clock.advance(60_000);
  expect([bucket.take(100), bucket.take(100)]).toEqual([0, 4]);
});
