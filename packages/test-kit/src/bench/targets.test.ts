import { expect, it } from 'vitest';
import { judge } from './targets.ts';

const report = { ratio: 0.5, join: { p95Ms: 100 } };
const isReached = (figure: string, bounds: { atLeast?: number; atMost?: number }) =>
  judge(report, [{ figure, ...bounds }])[0]?.isReached;

it('a figure has reached what it is at least or at most to be', () => {
  expect(isReached('ratio', { atLeast: 0.5 })).toBe(true);
  expect(isReached('ratio', { atLeast: 0.51 })).toBe(false);
  expect(isReached('join.p95Ms', { atMost: 100 })).toBe(true);
  expect(isReached('join.p95Ms', { atMost: 99 })).toBe(false);
});

it('a figure that was not measured has reached nothing', () => {
  expect(isReached('join.p50Ms', { atMost: 99 })).toBe(false);
  expect(isReached('recovery.p95Ms', { atMost: 99 })).toBe(false);
});
