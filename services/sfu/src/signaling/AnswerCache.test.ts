import { createDeferred } from '@parley/kit';
import { ProtocolError, type ErrorCode } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { AnswerCache, type RequestKey } from './AnswerCache.ts';

const phone = { applicationId: 'app', userId: 'alice', clientId: 'phone' };

function refuse(code: ErrorCode): never {
  throw new ProtocolError(code);
}

function createCache() {
  const clock = new FakeClock();
  const cache = new AnswerCache(clock);
  let times = 0;
  const count = () => {
    times += 1;

    return times;
  };
  const again = (answer: unknown) => () => answer;
  const ask = (requestId: string, carryOut: () => unknown = count, asker: Partial<RequestKey> = {}) =>
    cache.run({ ...phone, ...asker, requestId, carryOut, again });

  return { clock, cache, ask };
}

describe('a request that comes again', () => {
  it('is answered as before, and carried out once', async () => {
    const { ask } = createCache();

    expect(ask('1')).toBe(1);
    expect(await ask('1')).toBe(1);
    expect(await ask('2')).toBe(2);
  });

  it.each([{ clientId: 'laptop' }, { userId: 'mallory' }, { applicationId: 'neighbour' }])(
    'is another one from %j',
    (asker) => {
      const { ask } = createCache();

      expect(ask('1')).toBe(1);
      expect(ask('1', undefined, asker)).toBe(2);
    },
  );

  it('waits for the answer that is on its way', async () => {
    const { ask } = createCache();
    const answer = createDeferred<string>();
    const asked = [ask('1', () => answer.promise), ask('1')];
    answer.resolve('late');

    expect(await Promise.all(asked)).toEqual(['late', 'late']);
  });

  it.each<ErrorCode>(['forbidden', 'invalid_state', 'call_not_found', 'unavailable', 'too_many_requests'])(
    'is judged anew when it was refused with %s, of which nothing is kept',
    async (code) => {
      const { ask, cache } = createCache();
      expect(() => ask('1', () => refuse(code))).toThrow(ProtocolError);
      await expect(ask('2', async () => refuse(code))).rejects.toMatchObject({ code });

      expect(cache.size).toBe(0);
      expect([ask('1'), ask('2')]).toEqual([1, 2]);
    },
  );

  it('is carried out once for all that waited for one that failed', async () => {
    const { ask } = createCache();
    const failing = createDeferred<never>();
    const [first, ...others] = [ask('1', () => failing.promise), ask('1'), ask('1')];
    failing.reject(new ProtocolError('unavailable'));

    await expect(first).rejects.toMatchObject({ code: 'unavailable' });
    expect([await others[0], await others[1]]).toEqual([1, 1]);
  });

  it('is answered anew from what was kept in place of a large answer', async () => {
    const { cache } = createCache();
    let sequence = 7;
    const request = {
      ...phone,
      requestId: '1',
      carryOut: async () => ({ id: 'call', sequence }),
      again:
        ({ id }: { id: string }) =>
        () => ({ id, sequence }),
    };
    await cache.run(request);
    sequence = 8;

    expect(await cache.run(request)).toEqual({ id: 'call', sequence: 8 });
  });
});

describe('what is kept', () => {
  it('is forgotten after a minute', () => {
    const { ask, clock, cache } = createCache();
    ask('1');
    clock.advance(60_000);
    ask('other', undefined, { userId: 'bob' });

    expect(cache.size).toBe(1);
    expect(ask('1')).toBe(3);
  });

  it('is 1,024 answers of a user, the latest, from however many clients: nobody else loses theirs', async () => {
    const { ask, cache } = createCache();
    ask('1', undefined, { userId: 'bob' });
    for (let count = 2; count <= 30_000; count += 1) {
      ask('1', undefined, { clientId: `client-${count}` });
    }

    expect(cache.size).toBe(1_025);
    expect(await ask('1', undefined, { userId: 'bob' })).toBe(1);
    expect(await ask('1', undefined, { clientId: 'client-28977' })).toBe(28_977);
    expect(ask('1', undefined, { clientId: 'client-28976' })).toBe(30_001);
  });

  it('is not forgotten for others who ask much: whoever has the most loses their oldest', async () => {
    const { ask, cache } = createCache();
    const users = Array.from({ length: 100 }, (_, index) => ({ userId: `user-${index}` }));
    ask('chat');
    ask('1', undefined, { applicationId: 'neighbour' });
    for (let count = 0; count < 300; count += 1) {
      users.forEach((user) => ask(`${count}`, undefined, user));
    }

    expect(cache.size).toBe(20_001);
    expect(await ask('chat')).toBe(1);
    expect(await ask('1', undefined, { applicationId: 'neighbour' })).toBe(2);
    for (const [index, user] of users.entries()) {
      // Of 20,000 less the one of alice: one of them all has one less.
      const oldest = index === 0 ? 101 : 100;
      expect(await ask(`${oldest}`, undefined, user)).toBe(3 + oldest * 100 + index);
    }
    expect(ask('99', undefined, users[50])).toBe(30_003);
  });

  it('is 16 answers of each user at least, however many users there are', async () => {
    const { ask, cache, clock } = createCache();
    const users = Array.from({ length: 2_000 }, (_, index) => ({ userId: `user-${index}` }));
    users.forEach((user) => Array.from({ length: 16 }, (_, index) => ask(`${index}`, undefined, user)));
    expect(cache.size).toBe(32_000);

    clock.advance(30_000);
    for (let count = 0; count < 100; count += 1) {
      ask(`more-${count}`, undefined, users[7]);
    }
    expect(cache.size).toBe(32_000);
    expect(await ask('0', undefined, users[1_999])).toBe(31_985);
    expect(await ask('more-84', undefined, users[7])).toBe(32_085);
    expect(ask('more-83', undefined, users[7])).toBe(32_101);
  });

  it('is bounded by those users that are left when the answers of the others are forgotten', () => {
    const { ask, cache, clock } = createCache();
    const users = Array.from({ length: 2_000 }, (_, index) => ({ userId: `user-${index}` }));
    users.forEach((user) => ask('1', undefined, user));
    clock.advance(30_000);
    const busy = users.slice(0, 40);
    busy.forEach((user) => Array.from({ length: 600 }, (_, index) => ask(`${index}`, undefined, user)));
    expect(cache.size).toBe(25_960);

    clock.advance(30_000);
    ask('later', undefined, users[0]);
    expect(cache.size).toBe(20_000);
  });
});
