import { expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { TokenBucket } from './TokenBucket.ts';

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
