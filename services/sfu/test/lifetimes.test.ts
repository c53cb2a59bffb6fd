import { describe, expect, it } from 'vitest';
import type { TestClient } from './support/TestClient.ts';
import { applicationId, startTestSfu, type TestSfu } from './support/testSfu.ts';
import { workerPids } from './support/workerPids.ts';

async function enterRoom(sfu: TestSfu, roomId: string, ...names: string[]): Promise<TestClient[]> {
  await sfu.putRoom({ roomId });
  const clients: TestClient[] = [];
  for (const name of names) {
    const client = await sfu.connect(name);
    await client.enter('joinRoom', { roomId, media: await client.offer() });
    clients.push(client);
  }

  return clients;
}

describe('a connection', () => {
  it('that is gone leaves its calls and the presence', async () => {
    await using sfu = await startTestSfu();
    const [alice, bob] = await enterRoom(sfu, 'room', 'alice', 'bob');
    bob?.socket.disconnect();

    expect(await alice?.next('participantLeft')).toMatchObject({ reason: 'connection_lost' });
    expect(await sfu.backplane.presence.endpointsOf(applicationId, 'bob')).toEqual([]);
  });

  it('is ended when the token expires, and the others see its participant leave', async () => {
    await using sfu = await startTestSfu();
    const [alice] = await enterRoom(sfu, 'room', 'alice');
    const bob = await sfu.connect('bob', { grant: { expiresInSeconds: 2 } });
    await bob.enter('joinRoom', { roomId: 'room', media: await bob.offer() });

    expect(await bob.next('sessionEnded')).toMatchObject({ code: 'token_expired' });
    await bob.disconnected();
    expect(await alice?.next('participantLeft')).toMatchObject({ reason: 'unauthenticated' });
  });

  it.each([
    ['its user', { kind: 'user', userId: 'bob' }],
    ['its grant', { kind: 'grant', grantId: 'link-1' }],
  ] as const)(
    'is ended by the revocation of %s, and no connection of anybody else',
    async (_title, subject) => {
      await using sfu = await startTestSfu();
      const [alice] = await enterRoom(sfu, 'room', 'alice');
      const bob = await sfu.connect('bob', { grant: { grantId: 'link-1' } });
      await bob.enter('joinRoom', { roomId: 'room', media: await bob.offer() });
      const revokedBeforeMs = Date.now() + 1;
      await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs });

      expect(await bob.next('sessionEnded')).toMatchObject({ code: 'token_revoked' });
      await bob.disconnected();
      expect(await alice?.next('participantLeft')).toMatchObject({ reason: 'unauthenticated' });
      expect(alice?.socket.connected).toBe(true);
    },
  );

  it('is ended with every other of the application when that is revoked', async () => {
    await using sfu = await startTestSfu();
    const clients = [await sfu.connect('alice'), await sfu.connect('bob')];
    const subject = { kind: 'application' } as const;
    const revokedBeforeMs = Date.now() + 1;
    await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs });

    for (const client of clients) {
      expect(await client.next('sessionEnded')).toMatchObject({ code: 'token_revoked' });
      await client.disconnected();
    }
  });
});

describe('a worker that is killed', () => {
  it('ends its calls with media_failed and no others, and is replaced', async () => {
    const before = new Set(workerPids());
    await using sfu = await startTestSfu({ workerCount: 2 });
    const [first] = await enterRoom(sfu, 'first', 'alice');
    const started = workerPids().filter((pid) => !before.has(pid));
    expect(started).toHaveLength(2);
    const [second] = await enterRoom(sfu, 'second', 'bob');

    const [victim = 0] = started;
    process.kill(victim, 'SIGKILL');
    const ended = await Promise.race(
      [first, second].map(async (client) => ({ client, end: await client?.next('callEnded') })),
    );
    expect(ended.end).toMatchObject({ reason: 'media_failed' });

    const survivor = ended.client === first ? second : first;
    const carol = await sfu.connect('carol');
    const roomId = survivor === first ? 'first' : 'second';
    await carol.enter('joinRoom', { roomId, media: await carol.offer() });
    expect(await survivor?.next('participantJoined')).toBeDefined();
    expect(survivor?.unread).not.toContain('callEnded');

    await expect.poll(() => workerPids().filter((pid) => !before.has(pid)).length).toBe(2);
    expect(sfu.sfu.isReady()).toBe(true);
  });

  it('is replaced also when it was the only one, and the next call is placed there', async () => {
    const before = new Set(workerPids());
    await using sfu = await startTestSfu();
    const [alice] = await enterRoom(sfu, 'room', 'alice');
    const [pid = 0] = workerPids().filter((one) => !before.has(one));
    process.kill(pid, 'SIGKILL');
    expect(await alice?.next('callEnded')).toMatchObject({ reason: 'media_failed' });

    await expect.poll(() => sfu.sfu.isReady()).toBe(true);
    const media = await alice?.offer();
    expect(await alice?.refusal({ name: 'joinRoom', data: { roomId: 'room', media } })).toBeUndefined();
  });
});

describe('closing the service', () => {
  it('tells everyone in a call and everyone connected, and leaves no worker behind', async () => {
    const before = new Set(workerPids());
    await using sfu = await startTestSfu({ workerCount: 2 });
    const [alice, bob] = await enterRoom(sfu, 'room', 'alice', 'bob');
    const carol = await sfu.connect('carol');
    const dave = await sfu.connect('dave');
    await carol.enter('startCall', { callees: ['dave'], media: await carol.offer() });
    await dave.next('incomingCall');
    const started = workerPids().filter((pid) => !before.has(pid));
    expect(started).toHaveLength(2);

    await sfu.sfu.close();

    for (const client of [alice, bob, carol]) {
      expect(await client?.next('callEnded')).toMatchObject({ reason: 'server_ended' });
      expect(await client?.next('sessionEnded')).toMatchObject({ code: 'unavailable' });
      await client?.disconnected();
    }
    expect(await dave.next('incomingCallEnded')).toMatchObject({ reason: 'server_ended' });
    expect(workerPids().filter((pid) => started.includes(pid))).toEqual([]);
    expect(sfu.sfu.isReady()).toBe(false);
  });

  it('happens once however often it is asked for', async () => {
    await using sfu = await startTestSfu();
    await Promise.all([sfu.sfu.close(), sfu.sfu.close()]);
    await sfu.sfu.close();

    expect(sfu.sfu.isReady()).toBe(false);
  });
});
