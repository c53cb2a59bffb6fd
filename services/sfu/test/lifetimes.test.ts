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
  it('that is gone leaves the presence at once, and its place in a call later', async () => {
    await using sfu = await startTestSfu({ callSettings: { reconnectSeconds: 5 } });
    const [alice, bob] = await enterRoom(sfu, 'room', 'alice', 'bob');
    bob?.socket.disconnect();

    expect(await alice?.next('participantStateChanged')).toMatchObject({ state: 'reconnecting' });
    expect(await sfu.backplane.presence.endpointsOf(applicationId, 'bob')).toEqual([]);
    expect(await alice?.next('participantLeft')).toMatchObject({ reason: 'connection_lost' });
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

  it('that is lost takes its place with it when the token is revoked', async () => {
    await using sfu = await startTestSfu();
    const [alice] = await enterRoom(sfu, 'room', 'alice');
    const bob = await sfu.connect('bob', { grant: { grantId: 'link-1' } });
    const joined = await bob.enter('joinRoom', { roomId: 'room', media: await bob.offer() });
    bob.drop();
    await alice?.next('participantStateChanged');
    const subject = { kind: 'grant', grantId: 'link-1' } as const;
    await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs: Date.now() + 1 });

    expect(await alice?.next('participantLeft')).toMatchObject({ reason: 'unauthenticated' });
    const other = await sfu.connect('bob');
    const request = { callId: joined.call.id, resumeToken: joined.resumeToken, sequence: joined.sequence };
    expect(await other.request('resume', request)).toEqual({ action: 'stop', reason: 'unauthenticated' });
  });

  it('that is lost before the door takes its place there with it when the token is revoked', async () => {
    await using sfu = await startTestSfu();
    await sfu.putRoom({ roomId: 'room', lobby: true, roster: { alice: 'presenter' } });
    const alice = await sfu.connect('alice');
    const { call } = await alice.enter('joinRoom', { roomId: 'room', media: await alice.offer() });
    const bob = await sfu.connect('bob', { grant: { grantId: 'link-1' } });
    const waiting = await bob.request('joinRoom', { roomId: 'room', media: await bob.offer() });
    expect(await alice.next('lobbyChanged')).toMatchObject({ lobby: [{ identity: { userId: 'bob' } }] });
    bob.drop();
    await expect.poll(() => sfu.backplane.presence.endpointsOf(applicationId, 'bob')).toEqual([]);
    const subject = { kind: 'grant', grantId: 'link-1' } as const;
    await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs: Date.now() + 1 });

    expect(await alice.next('lobbyChanged')).toMatchObject({ lobby: [] });
    const participantIds = 'participantId' in waiting ? [waiting.participantId] : [];
    const admit = { name: 'admitParticipants', data: { callId: call.id, participantIds } };
    expect(await alice.refusal(admit)).toBe('not_found');
  });

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
    expect(await dave.next('sessionEnded')).toMatchObject({ code: 'unavailable' });
    expect(workerPids().filter((pid) => started.includes(pid))).toEqual([]);
    expect(sfu.sfu.isReady()).toBe(false);
  });

  it('happens once however often it is asked for', async () => {
    await using sfu = await startTestSfu();
    const alice = await sfu.connect('alice');
    await Promise.all([sfu.sfu.close(), sfu.sfu.close()]);
    await sfu.sfu.close();

    await alice.disconnected();
    expect(alice.unread).toEqual(['sessionEnded']);
    const closed = sfu.log.filter((line) => line.includes('"media worker closed"'));
    expect(closed).toHaveLength(1);
  });
});
