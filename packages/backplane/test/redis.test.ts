import { randomUUID } from 'node:crypto';
import { TestRedis } from '@parley/test-kit';
import { afterAll, beforeAll } from 'vitest';
import { createRedisBackplane } from '../src/redis/createRedisBackplane.ts';
import { describeBackplane } from './contract.ts';
import { eventQueue } from './support/eventQueue.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await TestRedis.start();
});
afterAll(() => redis.stop());

describeBackplane('Redis', (onError) =>
  createRedisBackplane({
    onError,
    url: redis.url,
    // A platform of its own for each test.
    prefix: randomUUID(),
    events: eventQueue(),
    settleMs: 0,
  }),
);
