import type { RequestName } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { standardRequestCosts } from './requestCosts.ts';
import { RequestRate } from './RequestRate.ts';

function createRate(perSecond: number) {
  const clock = new FakeClock();
  let deaf = 0;
  const rate = new RequestRate({
    perSecond,
    clock,
    costs: standardRequestCosts,
    onDeaf: () => {
      deaf += 1;
    },
  });
  const ask = (name: RequestName): void => {
    rate.requireAny(0);
    rate.require(name);
  };

  return { clock, rate, ask, deaf: () => deaf };
}

describe('the requests of a connection', () => {
  it('take out of one bucket what they cost', () => {
    const { ask } = createRate(10);
    ask('startCall');
    ask('joinRoom');
    ask('resume');
    for (let count = 0; count < 10; count += 1) {
      ask('raiseHand');
    }

    expect(() => ask('raiseHand')).toThrow('Too many requests');
  });

  it('are refused with the time to wait for as much as they cost', () => {
    const { clock, ask, rate } = createRate(2);
    // More than the bucket of eight ever holds: it is given when that is full.
    ask('startCall');
    clock.advance(1_000);
    rate.requireAny(0);

    expect(() => rate.require('produce')).toThrow(expect.objectContaining({ retryAfterSeconds: 2 }));
    clock.advance(1_500);
    rate.require('produce');
  });

  it('are at most as many under way as may come at once', () => {
    const { rate } = createRate(10);

    rate.requireAny(40);
    expect(() => rate.requireAny(41)).toThrow('Too many requests');
  });

  it('that go on after a thousand refusals end the connection', () => {
    const { ask, deaf } = createRate(1);
    const refusals = Array.from({ length: 1_010 }, () => {
      try {
        ask('raiseHand');

        return 0;
      } catch {
        return 1;
      }
    });

    expect(refusals.filter((one) => one === 1)).toHaveLength(1_006);
    expect(deaf()).toBe(6);
  });

  it('cost least when they say how pictures, sound and hands are, and most when they enter a call', () => {
    const costs = Object.values(standardRequestCosts);

    expect(standardRequestCosts.pauseProducer).toBe(Math.min(...costs));
    expect(standardRequestCosts.joinRoom).toBe(Math.max(...costs));
  });
});
