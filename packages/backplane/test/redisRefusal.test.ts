import { TestRedis } from '@parley/test-kit';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createRedisBackplane } from '../src/redis/createRedisBackplane.ts';
import { connected } from './records.ts';
import { eventQueue } from './support/eventQueue.ts';

const patience = { timeout: 20_000 };

it('a Redis that answers and takes nothing loses no call event, and gets all in order later', async () => {
  await using stack = new AsyncDisposableStack();
  const redis = await TestRedis.start();
  stack.defer(() => redis.stop());
  const events = eventQueue();
  const errors: string[] = [];
  const open = async (store = eventQueue()) => {
    const onError = (error: unknown) => void errors.push(String(error));
    const backplane = await createRedisBackplane({
      leaseMs: 2_000,
      settleMs: 0,
      url: redis.url,
      events: store,
      onError,
    });
    stack.defer(() => backplane.close());

    return backplane;
  };
  const [node, api] = [await open(events), await open()];
  const operator = new Redis(redis.url);
  stack.defer(async () => void (await operator.quit()));
  const taken: string[] = [];
  api.callEvents.consume(async (batch) => void taken.push(...batch.map(({ eventId }) => eventId)));
  node.callEvents.publish(connected('before'));
  await expect.poll(() => taken, patience).toEqual(['before']);

  await operator.config('SET', 'maxmemory', '1');
  const meanwhile = Array.from({ length: 12 }, (_, index) => `meanwhile-${index}`);
  for (const eventId of meanwhile) {
    node.callEvents.publish(connected(eventId));
    await new Promise(setImmediate);
  }
  const refusal = expect.stringContaining('Redis refuses call events');
  await expect.poll(() => errors, patience).toContainEqual(refusal);
  await expect.poll(() => events.size, patience).toBe(meanwhile.length);
  await operator.config('SET', 'maxmemory', '0');
  node.callEvents.publish(connected('after'));

  await expect.poll(() => [...new Set(taken)], patience).toEqual(['before', ...meanwhile, 'after']);
  expect(errors.filter((error) => error.includes('refuses'))).toHaveLength(1);
});
