import { expect, it } from 'vitest';
import { Allowance } from './Allowance.ts';

it('lets a burst through, and what goes on at the rate', () => {
  const allowance = new Allowance({ perSecond: 10, atOnce: 50 });

  expect(allowance.use(80, 3)).toBe(false);
  expect(Array.from({ length: 20 }, () => allowance.use(30, 3))).not.toContain(true);
});

it('is not void for who keeps quiet between bursts', () => {
  const allowance = new Allowance({ perSecond: 10, atOnce: 50 });
  const bursts = Array.from({ length: 5 }, () => [allowance.use(80, 3), allowance.use(0, 3)]);

  expect(bursts.flat()).toContain(true);
});

it('saves up nothing beyond what is allowed at once', () => {
  const allowance = new Allowance({ perSecond: 10, atOnce: 50 });
  allowance.use(0, 3_600);

  expect(allowance.use(81, 3)).toBe(true);
});
