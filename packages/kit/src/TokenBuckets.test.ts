import { expect, it } from 'vitest';
import type { Clock } from './clock.ts';
import { TokenBuckets } from './TokenBuckets.ts';

function createBuckets(max = 10) {
  let nowMs = 1_000_000;
  const clock: Clock = {
    now: () => nowMs,
    schedule: () => {
      throw new Error('A bucket needs no timer.');
    },
  };
  const buckets = new TokenBuckets({ burstSeconds: 2, max, clock });

  return { buckets, advance: (ms: number) => void (nowMs += ms) };
}

it('has a bucket for each key and rate', () => {
  const { buckets, advance } = createBuckets();

  expect([buckets.take('a', 1, 2), buckets.take('a', 1), buckets.take('b', 1)]).toEqual([0, 1, 0]);
  expect(buckets.take('a', 2, 4)).toBe(0);
  advance(500);
  expect([buckets.take('a', 1), buckets.take('a', 2)]).toEqual([0.5, 0]);
});

it('forgets those that are full, and beyond so many the one used longest ago', () => {
  const { buckets, advance } = createBuckets(2);
  buckets.take('a', 1, 2);
  advance(3_000);
  buckets.take('b', 1, 2);
  advance(1_000);
  expect(buckets.size).toBe(1);
  buckets.take('c', 1, 2);
  buckets.take('b', 1);
  buckets.take('d', 1, 2);

  expect(buckets.size).toBe(2);
  expect([buckets.take('b', 1), buckets.take('c', 1, 2)]).toEqual([1, 0]);
});

it('forgets of many those that are full alone, in whatever order they were used again', () => {
  const { buckets, advance } = createBuckets(1_000);
  const keys = Array.from({ length: 100 }, (_, index) => `user-${index}`);
  keys.forEach((key) => buckets.take(key, 1, 2));
  advance(3_500);
  keys.filter((_, index) => index % 2 === 0).forEach((key) => buckets.take(key, 1));
  expect(buckets.size).toBe(100);

  advance(500);
  expect(buckets.size).toBe(50);
  expect([buckets.take('user-0', 1, 2), buckets.take('user-1', 1, 2)]).toEqual([0.5, 0]);
});

it('keeps a bucket that is in steady use, however little is taken at a time', () => {
  const { buckets, advance } = createBuckets();
  buckets.take('a', 1, 2);
  for (let step = 0; step < 100; step += 1) {
    advance(100);
    buckets.take('a', 1, 0.1);
  }

  expect(buckets.size).toBe(1);
  expect(buckets.take('a', 1)).toBeCloseTo(1);
});

it('has one bucket for all who take often from that of a key', () => {
  const { buckets, advance } = createBuckets();
  const [one, other] = [buckets.of('a', 1), buckets.of('a', 1)];
  expect([one.take(1), other.take(1), one.take(1), buckets.take('a', 1)]).toEqual([0, 0, 1, 1]);

  advance(10_000);
  buckets.take('b', 1);
  expect([one.take(2), other.take(1)]).toEqual([0, 1]);
});
