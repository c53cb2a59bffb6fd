import { createDeferred } from '@parley/kit';
import { ProtocolError, type ErrorCode } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { AnswerCache } from './AnswerCache.ts';

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
  const ask = (requestId: string, carryOut: () => unknown = count, clientKey = 'app/alice/phone') =>
    cache.run({ clientKey, requestId, carryOut });

  return { clock, cache, ask };
}

describe('a request that comes again', () => {
  it('is answered as before, and carried out once', async () => {
    const { ask } = createCache();

    expect(ask('1')).toBe(1);
    expect(await ask('1')).toBe(1);
    expect(await ask('2')).toBe(2);
  });

  it('is another one from another client', () => {
    const { ask } = createCache();

    expect(ask('1')).toBe(1);
    expect(ask('1', undefined, 'app/mallory/phone')).toBe(2);
  });

  it('waits for the answer that is on its way', async () => {
    const { ask } = createCache();
    const answer = createDeferred<string>();
    const asked = [ask('1', () => answer.promise), ask('1')];
    answer.resolve('late');

    expect(await Promise.all(asked)).toEqual(['late', 'late']);
  });

  it.each<ErrorCode>(['forbidden', 'invalid_state', 'invalid_request'])(
    'is refused again when it was refused with %s',
    async (code) => {
      const { ask } = createCache();
      expect(() => ask('1', () => refuse(code))).toThrow(ProtocolError);

      await expect(ask('1')).rejects.toMatchObject({ code });
    },
  );

  it.each<ErrorCode>(['unavailable', 'too_many_requests', 'call_not_found', 'token_expired'])(
    'is carried out when it failed with %s, which says nothing of another time',
    async (code) => {
      const { ask } = createCache();
      expect(() => ask('1', () => refuse(code))).toThrow(ProtocolError);

      expect(ask('1')).toBe(1);
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
      clientKey: 'app/alice/phone',
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
    ask('other', undefined, 'app/bob/phone');

    expect(cache.size).toBe(1);
    expect(ask('1')).toBe(3);
  });

  it('is 256 answers of a client, the latest', async () => {
    const { ask, cache } = createCache();
    for (let count = 1; count <= 300; count += 1) {
      ask(`${count}`);
    }

    expect(cache.size).toBe(256);
    expect(await ask('300')).toBe(300);
    expect(ask('1')).toBe(301);
  });

  it('is bounded for all clients together, those that asked last', async () => {
    const { ask, cache } = createCache();
    for (let count = 1; count <= 20_100; count += 1) {
      ask('1', undefined, `app/user-${count}/phone`);
    }

    expect(cache.size).toBe(20_000);
    expect(await ask('1', undefined, 'app/user-20100/phone')).toBe(20_100);
  });
});
