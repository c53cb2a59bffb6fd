import { Relay, TestRedis } from '@parley/test-kit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Backplane } from '../src/Backplane.ts';
import { createRedisBackplane } from '../src/redis/createRedisBackplane.ts';
import { eventQueue } from './support/eventQueue.ts';

const node1 = { nodeId: 'node1', url: 'https://one.test' };

/** Outlasts the test: nothing here may wait until a process is taken for dead. */
const leaseMs = 600_000;

let redis: TestRedis;
let relay: Relay;
let first: Backplane;
let second: Backplane;
beforeEach(async () => {
  redis = await TestRedis.start();
  relay = await Relay.to(redis.url);
  [first, second] = [await open(relay.url), await open(redis.url)];
});
afterEach(async () => {
  await Promise.all([first.close(), second.close()]);
  await relay.cut();
  await redis.stop();
});

const open = (url: string): Promise<Backplane> =>
  createRedisBackplane({ url, leaseMs, events: eventQueue(), onError: () => {}, settleMs: 0 });

it('the id of a process that lives is refused to others, and is free as soon as it was killed', async () => {
  await first.nodes.announce(node1);

  await expect(second.nodes.announce({ ...node1, url: 'https://other.test' })).rejects.toThrow(
    'The node id node1 is in use by the process at https://one.test: give each process its own PARLEY_NODE_ID.',
  );
  expect(await second.nodes.find('node1')).toEqual(node1);

  await relay.cut();
  await expect
    .poll(
      () =>
        second.nodes.announce(node1).then(
          () => 'announced',
          () => 'refused',
        ),
      { timeout: 10_000 },
    )
    .toBe('announced');
});

it('a process knows that Redis is away, and when it is back', async () => {
  expect(first.isUp).toBe(true);

  await relay.cut();
  await expect.poll(() => first.isUp, { timeout: 10_000 }).toBe(false);
  expect(second.isUp).toBe(true);

  await relay.join();
  await expect.poll(() => first.isUp, { timeout: 10_000 }).toBe(true);
});
