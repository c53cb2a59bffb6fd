import type { RequestName } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { standardRequestCosts } from './requestCosts.ts';
import { createUserBuckets, RequestRate } from './RequestRate.ts';

function createRate(
  perSecond: number,
  { clock = new FakeClock(), user = 'alice', userBuckets = createUserBuckets(clock) } = {},
) {
  let deaf = 0;
  const rate = new RequestRate({
    perSecond,
    user,
    userBuckets,
    clock,
    costs: standardRequestCosts,
    onDeaf: () => {
      deaf += 1;
    },
  });
  const requireAny = ({ units = 1, pending = 0, isAnswered = true } = {}): void =>
    rate.requireAny({ units, pending, isAnswered });
  const ask = (name: RequestName): void => {
    requireAny();
    rate.require(name);
  };

  return { clock, rate, requireAny, ask, deaf: () => deaf };
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
    const { clock, ask, rate, requireAny } = createRate(2);
    // More than the bucket of eight ever holds: it is given when that is full.
    ask('startCall');
    clock.advance(1_000);
    requireAny();

    expect(() => rate.require('produce')).toThrow(expect.objectContaining({ retryAfterSeconds: 2 }));
    clock.advance(1_500);
    rate.require('produce');
  });

  it('are at most as many under way as may come at once', () => {
    const { requireAny } = createRate(10);

    requireAny({ pending: 40 });
    expect(() => requireAny({ pending: 41 })).toThrow('Too many requests');
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

  it('cost by their size, and the largest is given when there is as much as there can be', () => {
    const { clock, requireAny } = createRate(2);
    requireAny({ units: 16 });

    expect(() => requireAny({ units: 16 })).toThrow(expect.objectContaining({ retryAfterSeconds: 4 }));
    clock.advance(4_000);
    requireAny({ units: 16 });
  });

  it('that nobody waits for end the connection as soon as there are too many', () => {
    const { requireAny, deaf } = createRate(1);
    requireAny({ units: 4, isAnswered: false });
    expect(deaf()).toBe(0);

    expect(() => requireAny({ isAnswered: false })).toThrow('Too many requests');
    expect(deaf()).toBe(1);
  });

  it('cost least when they say how pictures, sound and hands are, and most when they enter a call', () => {
    const costs = Object.values(standardRequestCosts);

    expect(standardRequestCosts.pauseProducer).toBe(Math.min(...costs));
    expect(standardRequestCosts.joinRoom).toBe(Math.max(...costs));
  });
});

describe('the requests of a user', () => {
  it('are by twenty connections at most twice as many as by one, new ones included, and nobody else pays', () => {
    const clock = new FakeClock();
    const userBuckets = createUserBuckets(clock);
    const connect = (user: string) => createRate(50, { clock, userBuckets, user });
    const chat = ({ ask }: Pick<ReturnType<typeof connect>, 'ask'>): number => {
      try {
        ask('sendChat');

        return 1;
      } catch {
        return 0;
      }
    };
    const mine = Array.from({ length: 20 }, () => connect('mallory'));
    let sent = 0;
    for (let tenth = 0; tenth < 100; tenth += 1) {
      clock.advance(100);
      for (const connection of tenth < 50 ? mine : mine.map(() => connect('mallory'))) {
        sent += chat(connection);
        sent += chat(connection);
      }
    }

    // Ten seconds, and what may come at once: chat costs two units.
    expect(sent).toBeLessThanOrEqual((10 * 100 + 400) / 2);
    expect(chat(connect('bob'))).toBe(1);
    clock.advance(6_000);
    expect(userBuckets.requests.size).toBe(0);
  });

  it('are refused a thousand times by all connections together, large ones fewer times, and nobody else pays', () => {
    const clock = new FakeClock();
    const userBuckets = createUserBuckets(clock);
    const connect = (user: string) => createRate(1, { clock, userBuckets, user });
    const refuse = ({ requireAny }: Pick<ReturnType<typeof connect>, 'requireAny'>, units: number): void =>
      expect(() => requireAny({ units })).toThrow('Too many requests');
    const first = connect('mallory');
    first.requireAny({ units: 4 });
    for (let large = 0; large < 16; large += 1) {
      refuse(first, 62);
    }
    expect(first.deaf()).toBe(0);
    refuse(first, 62);
    expect(first.deaf()).toBe(1);

    const second = connect('mallory');
    second.requireAny({ units: 4 });
    refuse(second, 62);
    expect(second.deaf()).toBe(1);
    const bob = connect('bob');
    bob.requireAny({ units: 4 });
    refuse(bob, 62);
    expect(bob.deaf()).toBe(0);
    clock.advance(202_000);
    expect(userBuckets.refusals.size).toBe(0);
  });

  it('are enough for four devices that enter a large call at once', () => {
    const clock = new FakeClock();
    const userBuckets = createUserBuckets(clock);
    for (let device = 0; device < 4; device += 1) {
      const { ask } = createRate(50, { clock, userBuckets });
      (['joinRoom', 'produce', 'produce', 'produceData', 'produceData', 'setViewports'] as const).forEach(
        ask,
      );
      for (let picture = 0; picture < 25; picture += 1) {
        ask('consume');
      }
    }

    expect(userBuckets.requests.size).toBe(1);
  });
});
