import { createDeferred } from '@parley/kit';
import { Relay, TestRedis } from '@parley/test-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backplane } from '../src/Backplane.ts';
import type { RoomChange } from '../src/admission.ts';
import type { NodeCommand } from '../src/nodeCommands.ts';
import { createRedisBackplane, type RedisBackplaneOptions } from '../src/redis/createRedisBackplane.ts';
import { application, connected, liveCall, revocation, room } from './records.ts';
import { eventQueue } from './support/eventQueue.ts';

/** Short, and longer than a busy machine keeps a process from saying that it lives. */
const leaseMs = 2_000;

/** Waits until it is so. */
const expectEventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: 20_000 });
const node1 = { nodeId: 'node1', url: 'https://one.test' };
const node2 = { nodeId: 'node2', url: 'https://two.test' };
const room1 = { applicationId: 'app1', roomId: 'room1' };
const phone = { applicationId: 'app1', userId: 'alice', endpointId: 'phone', nodeId: 'node1' };
const token = { applicationId: 'app1', userId: 'alice', grantId: 'grant1', issuedAtMs: 9 };

let redis: TestRedis;
let errors: unknown[];
const opened: Backplane[] = [];
const relays: Relay[] = [];
beforeEach(async () => {
  redis = await TestRedis.start();
  errors = [];
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((backplane) => backplane.close()));
  await Promise.all(relays.splice(0).map((relay) => relay.cut()));
  await redis.stop();
});

/** A process of the platform. */
const open = async (changed: Partial<RedisBackplaneOptions> = {}): Promise<Backplane> => {
  const backplane = await createRedisBackplane({
    leaseMs,
    url: redis.url,
    events: eventQueue(),
    onError: (error) => errors.push(error),
    settleMs: 0,
    ...changed,
  });
  opened.push(backplane);

  return backplane;
};

/** A process that the test can cut off from Redis. */
const openByRelay = async (changed: Partial<RedisBackplaneOptions> = {}) => {
  const relay = await Relay.to(redis.url);
  relays.push(relay);

  return { relay, backplane: await open({ url: relay.url, ...changed }) };
};

/** What the promise came to within the 2 s that nothing may take longer than. */
const outcomeOf = async (promise: Promise<unknown>): Promise<unknown> => {
  const startedMs = performance.now();
  const outcome = await promise.then(
    () => 'done',
    (error: { code?: unknown }) => error.code,
  );
  expect(performance.now() - startedMs).toBeLessThan(2_000);

  return outcome;
};

describe('processes that share a Redis', { timeout: 60_000 }, () => {
  it('hear of rooms and revocations that another has changed', async () => {
    const [api, node] = [await open(), await open()];
    const told: RoomChange[] = [];
    node.admission.onRoomChanged((change) => told.push(change));
    await api.admission.putAllRevocations([revocation('bob', 10)]);
    await api.admission.putRoom(room('room1'));
    await api.admission.putRevocation(revocation('alice', 10));
    await api.admission.removeRoom('app1', 'room1');

    await expectEventually(() => told).toEqual([
      { ...room1, room: room('room1') },
      { ...room1, room: undefined },
    ]);
    expect(node.admission.isRevoked(token)).toBe(true);
    expect(node.admission.isRevoked({ ...token, userId: 'carol' })).toBe(false);
  });

  it('know what was published before they were started', async () => {
    const api = await open();
    await api.admission.putApplication(application('app1'));
    await api.admission.putAllRevocations([revocation('alice', 10)]);

    const node = await open();

    expect(await node.admission.application('app1')).toEqual(application('app1'));
    expect(node.admission.isRevoked(token)).toBe(true);
  });

  it('carry out commands of each other, and answer with the coded error', async () => {
    const [api, node] = [await open(), await open()];
    const taken: NodeCommand[] = [];
    const endCall: NodeCommand = { name: 'endCall', applicationId: 'app1', callId: 'call1' };
    const dispose = node.nodeCommands.handle('node1', async (command) => void taken.push(command));
    await expectEventually(() => outcomeOf(api.nodeCommands.send('node1', endCall))).toBe('done');
    expect(taken).toContainEqual(endCall);

    dispose();
    await expectEventually(() => outcomeOf(api.nodeCommands.send('node1', endCall))).toBe('unavailable');
    node.nodeCommands.handle('node1', async () => {
      throw Object.assign(new Error('secret'), { code: 'call_not_found' });
    });
    // An error without a code of the protocol's tells nothing of itself.
    await expectEventually(() => outcomeOf(api.nodeCommands.send('node1', endCall))).toBe('internal');
  });

  it('pass over what a process has put that died without a word', async () => {
    const { relay, backplane } = await openByRelay();
    const other = await open();
    await backplane.nodes.announce(node1);
    await backplane.presence.enter(phone);
    await backplane.callDirectory.put(liveCall('call1', { userIds: ['alice'] }));
    expect(await other.presence.endpointsOf('app1', 'alice')).toEqual([phone]);
    expect(await other.callDirectory.find('app1', 'call1')).toBeDefined();

    await relay.cut();

    await expectEventually(() => other.presence.endpointsOf('app1', 'alice')).toEqual([]);
    expect(await other.callDirectory.find('app1', 'call1')).toBeUndefined();
    expect(await other.callDirectory.busyAmong('app1', ['alice'])).toEqual(new Set());
    expect(await other.nodes.list()).toEqual([]);

    await relay.join();

    await expectEventually(() => other.presence.endpointsOf('app1', 'alice')).toEqual([phone]);
    expect(await other.callDirectory.busyAmong('app1', ['alice'])).toEqual(new Set(['alice']));
    expect(await other.nodes.list()).toEqual([node1]);
  });

  it('hold a room on one node, also when the first was cut off so long that the next has taken it', async () => {
    const { relay, backplane } = await openByRelay();
    const other = await open();
    await backplane.nodes.announce(node1);
    await other.nodes.announce(node2);
    const superseded: unknown[] = [];
    backplane.callDirectory.onSuperseded((call) => superseded.push(call));
    const first = await backplane.callDirectory.claimRoom(room1, node1);
    await backplane.callDirectory.put(liveCall('call1', { ...room1, roomEpoch: first.epoch }));
    expect(await other.callDirectory.claimRoom(room1, node2)).toEqual(first);

    await relay.cut();
    await expectEventually(() => other.callDirectory.claimRoom(room1, node2)).toMatchObject(node2);
    await relay.join();

    await expectEventually(() => superseded).toEqual([{ applicationId: 'app1', callId: 'call1' }]);
    await expectEventually(() =>
      backplane.callDirectory.claimRoom(room1, node1).catch(() => undefined),
    ).toMatchObject(node2);
  });

  it('leave reading the stream of call events to one, and the next goes on when that dies', async () => {
    const node = await open();
    const { relay, backplane: api1 } = await openByRelay();
    const api2 = await open();
    const [first, second]: string[][] = [[], []];
    api1.callEvents.consume(async (events) => void first?.push(...events.map(({ eventId }) => eventId)));
    node.callEvents.publish(connected('a'));
    await expectEventually(() => first).toEqual(['a']);
    api2.callEvents.consume(async (events) => void second?.push(...events.map(({ eventId }) => eventId)));
    node.callEvents.publish(connected('b'));
    await expectEventually(() => first).toEqual(['a', 'b']);
    expect(second).toEqual([]);

    await relay.cut();
    node.callEvents.publish(connected('c'));

    await expectEventually(() => second).toContain('c');
    expect(first).not.toContain('c');
  });
});

describe('while Redis is away', { timeout: 60_000 }, () => {
  const away: [how: string, take: () => Promise<void> | void, comeBack: () => Promise<void> | void][] = [
    ['killed', () => redis.kill(), () => redis.start()],
    ['silent', () => redis.freeze(), () => redis.thaw()],
  ];

  it.each(away)(
    'nothing takes longer than 2 s, and what is there can be come back to: %s',
    async (_how, take, comeBack) => {
      const node = await open();
      const { admission, presence, callDirectory, nodeCommands } = node;
      await admission.putApplication(application('app1'));
      await admission.putRoom(room('room1'));
      await admission.putSigningKeys([{ kid: 'key1' }]);
      await admission.putAllRevocations([revocation('alice', 10)]);
      await Promise.all([
        admission.application('app1'),
        admission.room('app1', 'room1'),
        admission.signingKeys(),
      ]);

      await take();

      expect(await outcomeOf(presence.enter(phone))).toBe('done');
      expect(await outcomeOf(callDirectory.put(liveCall('call1')))).toBe('done');
      expect(await outcomeOf(callDirectory.remove(liveCall('call1')))).toBe('done');
      expect(await outcomeOf(callDirectory.claimRoom(room1, node1))).toBe('unavailable');
      expect(await outcomeOf(presence.endpointsOf('app1', 'alice'))).toBe('unavailable');
      expect(await outcomeOf(admission.putRoom(room('room2')))).toBe('unavailable');
      const command = { name: 'endCall', applicationId: 'app1', callId: 'call1' } as const;
      expect(await outcomeOf(nodeCommands.send('node2', command))).toBe('unavailable');
      expect(await admission.application('app1')).toEqual(application('app1'));
      expect(await admission.room('app1', 'room1')).toEqual(room('room1'));
      expect(await admission.signingKeys()).toEqual([{ kid: 'key1' }]);
      expect(admission.isRevoked(token)).toBe(true);
      await expectEventually(() => errors.map(String)).toEqual([expect.stringContaining('Redis is away')]);

      await comeBack();
      await expectEventually(() => outcomeOf(callDirectory.claimRoom(room1, node1))).toBe('done');
      expect(await presence.endpointsOf('app1', 'alice')).toEqual([phone]);
      expect(await callDirectory.find('app1', 'call1')).toBeUndefined();
    },
  );

  it('a process that starts says so in one sentence, without the password', async () => {
    await redis.kill();

    const error = await open({ url: redis.url.replace('//', '//user:hunter2@') }).catch(String);

    expect(error).toMatch(/^Error: Redis at 127\.0\.0\.1:\d+ does not answer: [^\n]*ECONNREFUSED[^\n]*\.$/);
    expect(error).not.toContain('hunter2');
  });
});

describe('after a Redis that has lost everything was started again', { timeout: 60_000 }, () => {
  it('those who live are where they were: their people, calls and rooms', async () => {
    const settleMs = leaseMs;
    const [node, other] = [await open({ settleMs }), await open({ settleMs })];
    await node.nodes.announce(node1);
    await other.nodes.announce(node2);
    await node.presence.enter(phone);
    const claim = () => other.callDirectory.claimRoom(room1, node2);
    await expectEventually(() => outcomeOf(node.callDirectory.claimRoom(room1, node1))).toBe('done');
    const home = await node.callDirectory.claimRoom(room1, node1);
    const call = liveCall('call1', { ...room1, roomEpoch: home.epoch, userIds: ['alice'] });
    await node.callDirectory.put(call);

    await redis.kill();
    const entered = { ...phone, endpointId: 'laptop' };
    await node.presence.enter(entered);
    await node.presence.leave(phone);
    await redis.start();

    // It tries from the first moment on, and never gets it.
    await expectEventually(() => claim().catch(() => undefined)).toBeDefined();
    expect(await claim()).toEqual(home);
    expect(await other.presence.endpointsOf('app1', 'alice')).toEqual([entered]);
    expect(await other.callDirectory.find('app1', 'call1')).toEqual(call);
    expect((await other.nodes.list()).toSorted((a, b) => a.nodeId.localeCompare(b.nodeId))).toEqual([
      node1,
      node2,
    ]);
  });

  it('gives rooms new homes with greater epochs than any before', async () => {
    const [node, other] = [await open(), await open()];
    const { epoch } = await node.callDirectory.claimRoom(room1, node1);
    await node.close();
    await redis.kill();
    await redis.start();

    await expectEventually(() => outcomeOf(other.callDirectory.claimRoom(room1, node2))).toBe('done');
    expect((await other.callDirectory.claimRoom(room1, node2)).epoch).toBeGreaterThan(epoch);
  });

  it('the api is told, and until it has published again nobody takes a room for deleted', async () => {
    const [api, node] = [await open(), await open()];
    await api.admission.putApplication(application('app1'));
    await api.admission.putRoom(room('room1'));
    await api.admission.putAllRevocations([revocation('alice', 10)]);
    await Promise.all([node.admission.application('app1'), node.admission.room('app1', 'room1')]);
    const told: RoomChange[] = [];
    node.admission.onRoomChanged((change) => told.push(change));
    const lost = createDeferred<void>();
    api.admission.onLost(() => lost.resolve());

    await redis.kill();
    await redis.start();
    await lost.promise;

    expect(await node.admission.room('app1', 'room1')).toEqual(room('room1'));
    expect(await node.admission.application('app1')).toEqual(application('app1'));
    expect(node.admission.isRevoked(token)).toBe(true);
    expect(told).toEqual([]);

    // The room was deleted meanwhile.
    await expectEventually(() => outcomeOf(api.admission.putAllRevocations([]))).toBe('done');
    await expectEventually(() => told).toEqual([{ ...room1, room: undefined }]);
    expect(await node.admission.room('app1', 'room1')).toBeUndefined();
  });

  it('what was changed while a process was cut off is told to it', async () => {
    const api = await open();
    const { relay, backplane: node } = await openByRelay();
    await api.admission.putRoom(room('room1'));
    await api.admission.putAllRevocations([]);
    await node.admission.room('app1', 'room1');
    const changes: RoomChange[] = [];
    const revoked: unknown[] = [];
    node.admission.onRoomChanged((change) => changes.push(change));
    node.admission.onRevoked((arrived) => revoked.push(arrived));

    await relay.cut();
    const locked = room('room1', { access: 'invite' });
    await api.admission.putRoom(locked);
    await api.admission.putRevocation(revocation('alice', 10));
    await relay.join();

    await expectEventually(() => changes).toEqual([{ ...room1, room: locked }]);
    expect(revoked).toEqual([revocation('alice', 10)]);
  });

  it('every call event comes, in order: published before, confirmed or not, meanwhile and after', async () => {
    const [node, api] = [await open(), await open()];
    const taken: string[] = [];
    let isDatabaseAway = false;
    api.callEvents.consume(async (events) => {
      if (isDatabaseAway) {
        throw new Error('The database is away.');
      }
      taken.push(...events.map(({ eventId }) => eventId));
    });
    node.callEvents.publish(connected('a'));
    await expectEventually(() => taken).toEqual(['a']);
    isDatabaseAway = true;
    node.callEvents.publish(connected('b'));
    await expectEventually(() => errors.length).toBeGreaterThan(0);

    await redis.kill();
    node.callEvents.publish(connected('c'));
    isDatabaseAway = false;
    await redis.start();
    node.callEvents.publish(connected('d'));

    await expectEventually(() => [...new Set(taken)]).toEqual(['a', 'b', 'c', 'd']);
  });
});
