import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { callListSchema } from '@parley/protocol/rest';
import { createTestDatabase, freePort, TestRedis, type TestDatabase } from '@parley/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestClient } from '../../sfu/test/support/TestClient.ts';
import { createBackend, operatorKey, type Backend } from './support/backend.ts';
import { join as joinRoom, ring } from './support/liveWorld.ts';
import { startMain, stopMain, urlOf } from './support/mainProcess.ts';

let redis: TestRedis;
let database: TestDatabase;
let urls: [string, string];
let processes: ChildProcess[];
/** What all processes are started with. */
let shared: Record<string, string>;
let backend: Backend;
let folder: string;
let clients: TestClient[];

// Started once: it is the longest part of these tests. The last of them kills one of the two.
beforeAll(async () => {
  [redis, database] = await Promise.all([TestRedis.start(), createTestDatabase()]);
  folder = await mkdtemp(join(tmpdir(), 'parley-nodes-'));
  urls = [`http://localhost:${await freePort()}`, `http://localhost:${await freePort()}`];
  shared = {
    DATABASE_URL: database.url,
    PARLEY_STATE_DIR: folder,
    PARLEY_REDIS_URL: redis.url,
    PARLEY_MASTER_KEY: randomBytes(32).toString('base64url'),
    PARLEY_OPERATOR_KEY: operatorKey,
    PARLEY_PUBLIC_URL: urls[0],
  };
  processes = [];
  await Promise.all([startNode(0), startNode(1)]);
}, 180_000);
afterAll(async () => {
  await Promise.all(processes.map((child) => stopMain(child)));
  await redis.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  backend = await createBackend(urls[0]);
  for (const id of ['alice', 'bob']) {
    await backend.do('POST', '/v1/users', { id });
  }
  clients = [];
});
afterEach(() => clients.forEach(({ socket }) => socket.disconnect()));

/** Resolves when it serves. */
async function startNode(index: 0 | 1): Promise<void> {
  processes[index] = startMain({
    ...shared,
    PORT: new URL(urls[index]).port,
    PARLEY_NODE_ID: `node${index}`,
    PARLEY_NODE_URL: urls[index],
  });
  await urlOf(processes[index]);
}

const connect = async (url: string, userId: string): Promise<TestClient> => {
  const client = await TestClient.connect(url, await backend.token(userId));
  clients.push(client);
  await client.welcome();

  return client;
};
const calls = async () => callListSchema.parse(await backend.do('GET', '/v1/calls')).items;
const makeRoom = async () =>
  (await backend.do('POST', '/v1/rooms', { roster: { alice: 'presenter', bob: 'attendee' } })) as {
    id: string;
  };
/** Where whoever would join the room is let in. */
const homeFor = async (client: TestClient, roomId: string) => {
  const answer = await client.request('joinRoom', { roomId, media: await client.offer() });

  return answer.action === 'redirect' ? answer.url : answer.action;
};

/** Waits until it is so: longer than a node that says nothing is taken for alive. */
const expectEventually = <Value>(read: () => Value | Promise<Value>) =>
  expect.poll(read, { timeout: 30_000, interval: 200 });

/** Lets the client in, once it is known where rooms are held: not for some seconds after the start of Redis. */
async function enterRoom(client: TestClient, roomId: string): ReturnType<typeof joinRoom> {
  const entered: Awaited<ReturnType<typeof joinRoom>>[] = [];
  await expectEventually(async () => {
    entered.push(await joinRoom(client, roomId));

    return entered.length;
  }).toBe(1);

  return entered[0] ?? joinRoom(client, roomId);
}

describe('two processes of one platform', { timeout: 120_000 }, () => {
  it('ring on one what was provisioned on the other, which has the record', async () => {
    const [alice, bob] = [await connect(urls[1], 'alice'), await connect(urls[1], 'bob')];
    const { call } = await ring(alice, 'bob');
    const { callId } = await bob.next('incomingCall');
    await bob.enter('acceptCall', { callId, media: await bob.offer() });
    await bob.request('leaveCall', { callId });

    await expectEventually(calls).toMatchObject([
      { id: call.id, kind: 'direct', state: 'ended', endReason: 'hangup', participants: [{}, {}] },
    ]);
  });

  it('are not joined by a third under the id of one of them', async () => {
    const third = startMain({
      ...shared,
      PARLEY_STATE_DIR: join(folder, 'of-the-third'),
      PARLEY_NODE_ID: 'node1',
      PARLEY_NODE_URL: 'https://third.example',
    });
    let errors = '';
    third.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const [code] = (await once(third, 'close')) as [number | null];

    expect(errors.trim()).toBe(
      `The node id node1 is in use by the process at ${urls[1]}: give each process its own PARLEY_NODE_ID.`,
    );
    expect(code).toBe(1);
  });

  it('hold the call of a room on one of them, and command it from the other', async () => {
    const { id: roomId } = await makeRoom();
    const alice = await connect(urls[1], 'alice');
    const { call } = await enterRoom(alice, roomId);

    const bob = await connect(urls[0], 'bob');
    expect(await homeFor(bob, roomId)).toBe(urls[1]);

    // The first process is asked, the second carries it out.
    expect((await backend.ask('POST', `/v1/calls/${call.id}/end`, {})).status).toBe(204);
    expect(await alice.next('callEnded')).toMatchObject({ callId: call.id });
    expect(await homeFor(bob, roomId)).toBe('joined');
  });

  it('go on while Redis is killed and comes back with nothing: the call, its room, and what was provisioned', async () => {
    const { id: roomId } = await makeRoom();
    const [alice, bob] = [await connect(urls[1], 'alice'), await connect(urls[0], 'bob')];
    const { call, participantId } = await enterRoom(alice, roomId);
    const revoked = await backend.token('bob');
    await backend.do('DELETE', '/v1/users/bob/tokens');
    const token = await backend.token('bob');

    await redis.kill();
    expect(await alice.request('raiseHand', { callId: call.id })).toEqual({});
    expect((await backend.ask('POST', '/v1/users', { id: 'carol' })).status).toBe(503);
    bob.socket.disconnect();
    const again = await TestClient.connect(urls[0], token);
    clients.push(again);
    await again.welcome();
    await expect(TestClient.connect(urls[0], revoked)).rejects.toThrow(/revoked/);
    await redis.start();

    await expectEventually(() => homeFor(again, roomId).catch(() => undefined)).toBe(urls[1]);
    await expectEventually(async () => (await backend.ask('POST', '/v1/users', { id: 'carol' })).status).toBe(
      201,
    );
    // Who comes to the other process is known there as well, by what was published again.
    await expectEventually(async () => (await connect(urls[1], 'carol')).socket.connected).toBe(true);
    await expect(TestClient.connect(urls[1], revoked)).rejects.toThrow(/revoked/);
    await alice.request('leaveCall', { callId: call.id });
    await expectEventually(calls).toMatchObject([
      { id: call.id, state: 'ended', participants: [{ id: participantId }] },
    ]);
  });

  it('ring on while Redis is killed and comes back with nothing, and are answered on the other', async () => {
    const alice = await connect(urls[0], 'alice');
    const laptop = await connect(urls[0], 'bob');
    const phone = await connect(urls[1], 'bob');
    const { call } = await ring(alice, 'bob');
    const { callId } = await phone.next('incomingCall');
    await redis.kill();
    await redis.start();

    const media = await phone.offer();
    const answer = async () => (await phone.send({ name: 'acceptCall', data: { callId, media } })) as object;
    await expectEventually(answer).toMatchObject({ ok: true, data: { action: 'redirect', url: urls[0] } });
    const followed = await connect(urls[0], 'bob');
    await followed.enter('acceptCall', { callId, media: await followed.offer() });

    expect(await alice.next('participantJoined')).toMatchObject({ callId: call.id });
    expect(await laptop.next('incomingCallEnded')).toMatchObject({ reason: 'answered_elsewhere' });
    expect(phone.unread).toEqual([]);
  });

  it('ring on one that stood still nothing that is over when it goes on', async () => {
    const alice = await connect(urls[0], 'alice');
    await connect(urls[0], 'bob');
    const phone = await connect(urls[1], 'bob');
    processes[1]?.kill('SIGSTOP');
    const { call } = await ring(alice, 'bob');
    await alice.request('leaveCall', { callId: call.id });
    processes[1]?.kill('SIGCONT');

    // It does one after the other what it was asked meanwhile.
    expect(await phone.next('incomingCall')).toMatchObject({ callId: call.id });
    expect(await phone.next('incomingCallEnded')).toEqual({ callId: call.id, reason: 'canceled' });
  });

  it('ring a user whose process was killed again when it is back under its id', async () => {
    const alice = await connect(urls[0], 'alice');
    const laptop = await connect(urls[0], 'bob');
    const phone = await connect(urls[1], 'bob');
    const { call } = await ring(alice, 'bob');
    await Promise.all([laptop.next('incomingCall'), phone.next('incomingCall')]);

    const killed = processes[1];
    killed?.kill('SIGKILL');
    await (killed && once(killed, 'exit'));
    await startNode(1);
    const again = await connect(urls[1], 'bob');

    expect(await again.next('incomingCall')).toMatchObject({ callId: call.id });
    await again.request('rejectCall', { callId: call.id });
    expect(await laptop.next('incomingCallEnded')).toMatchObject({ reason: 'declined' });
    expect(await alice.next('callEnded')).toMatchObject({ reason: 'declined' });
  });

  it('give the room of a process that was killed to the other', async () => {
    const { id: roomId } = await makeRoom();
    const alice = await connect(urls[1], 'alice');
    // A Redis that was started a moment ago gives rooms no home yet.
    await expectEventually(() => homeFor(alice, roomId)).toBe('joined');
    const bob = await connect(urls[0], 'bob');
    expect(await homeFor(bob, roomId)).toBe(urls[1]);

    processes[1]?.kill('SIGKILL');

    await expectEventually(() => homeFor(bob, roomId)).toBe('joined');
  });
});
