import { callListSchema, callSchema, contactListSchema, type Call } from '@parley/protocol/rest';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { opusParameters } from '../../sfu/test/support/rtpParameters.ts';
import type { TestClient } from '../../sfu/test/support/TestClient.ts';
import { startTestPlatform, type TestPlatform } from '../e2e/support/platform.ts';
import { ask, createBackend, operatorKey, type Backend } from './support/backend.ts';

/** The whole platform from a backend's side: what is said over REST reaches the calls, and what happens there comes back. */
let platform: TestPlatform;
let backend: Backend;
let clients: TestClient[] = [];

beforeAll(async () => {
  platform = await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey });
});
afterAll(() => platform[Symbol.asyncDispose]());

beforeEach(async () => {
  backend = await createBackend(platform.url, { contacts: true });
  for (const id of ['alice', 'bob', 'carol']) {
    await backend.do('POST', '/v1/users', { id });
  }
});
afterEach(() => {
  clients.forEach(({ socket }) => socket.disconnect());
  clients = [];
});

async function connected(client: Promise<TestClient>): Promise<TestClient> {
  clients.push(await client);

  return client;
}
const connect = (userId: string): Promise<TestClient> => connected(backend.connect(userId));

const ring = async (caller: TestClient, ...callees: string[]) =>
  caller.request('startCall', { callees, media: await caller.offer() });
const refusalToRing = async (caller: TestClient, ...callees: string[]) =>
  caller.refusal({ name: 'startCall', data: { callees, media: await caller.offer() } });
const join = async (client: TestClient, roomId: string) =>
  client.request('joinRoom', { roomId, media: await client.offer() });
const refusalToJoin = async (client: TestClient, roomId: string) =>
  client.refusal({ name: 'joinRoom', data: { roomId, media: await client.offer() } });

/** Alice rings Bob and he answers. */
async function connectedCall() {
  const [alice, bob] = [await connect('alice'), await connect('bob')];
  const { call, participantId: alicesId } = await ring(alice, 'bob');
  await bob.next('incomingCall');
  const { participantId: bobsId } = await bob.request('acceptCall', {
    callId: call.id,
    media: await bob.offer(),
  });
  await alice.next('callStateChanged');

  return { alice, bob, callId: call.id, alicesId, bobsId };
}

/** The call as the backend reads it, once it is as wanted: what happens in calls is written a moment later. */
async function recorded(callId: string, isWanted: (call: Call) => boolean): Promise<Call> {
  let found: Call | undefined;
  await expect
    .poll(
      async () => {
        const { status, body } = await backend.ask('GET', `/v1/calls/${callId}`);
        found = status === 200 ? callSchema.parse(body) : undefined;

        return found !== undefined && isWanted(found);
      },
      { timeout: 5_000 },
    )
    .toBe(true);

  return found as Call;
}

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  expect(performance.now() - startedAt).toBeLessThan(ms);

  return result;
}

async function anonymousToken(): Promise<string> {
  const { id, secret } = (await backend.do('POST', `/v1/applications/${backend.applicationId}/keys`, {
    name: 'page',
    rights: ['anonymous'],
  })) as { id: string; secret: string };
  const response = await fetch(`${platform.url}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
  });

  return ((await response.json()) as { access_token: string }).access_token;
}

describe('an anonymous user', () => {
  it('rings an allowed destination, and nobody else, and no two', async () => {
    await backend.do('PUT', '/v1/anonymous-destinations', { destinations: ['bob'] });
    const bob = await connect('bob');
    await connect('carol');
    const visitor = await connected(backend.connectWith(await anonymousToken()));

    expect(await refusalToRing(visitor, 'carol')).toBe('forbidden');
    expect(await refusalToRing(visitor, 'nobody')).toBe('forbidden');
    expect(await refusalToRing(visitor, 'bob', 'carol')).toBe('forbidden');
    await ring(visitor, 'bob');
    expect((await bob.next('incomingCall')).caller.kind).toBe('anonymous');
  });

  it('cannot ring a destination that was taken off the list a moment ago', async () => {
    await backend.do('PUT', '/v1/anonymous-destinations', { destinations: ['bob'] });
    await connect('bob');
    const visitor = await connected(backend.connectWith(await anonymousToken()));

    await backend.do('DELETE', '/v1/anonymous-destinations');

    expect(await refusalToRing(visitor, 'bob')).toBe('forbidden');
  });
});

describe('a telephone number', () => {
  it('rings the user it was given to, and after it moved the other one', async () => {
    const number = '+15551234567';
    await backend.do('PATCH', '/v1/users/bob', { phoneNumbers: [number] });
    const [alice, bob, carol] = [await connect('alice'), await connect('bob'), await connect('carol')];
    const { call } = await ring(alice, number);
    await bob.next('incomingCall');
    await alice.request('leaveCall', { callId: call.id });

    await backend.do('PATCH', '/v1/users/bob', { phoneNumbers: null });
    await backend.do('PATCH', '/v1/users/carol', { phoneNumbers: [number] });

    await ring(alice, number);
    await carol.next('incomingCall');
    expect(bob.unread).not.toContain('incomingCall');
  });
});

describe('a room', () => {
  it('of invitations admits its roster and who comes by a guest link, and nobody else', async () => {
    const { id } = (await backend.do('POST', '/v1/rooms', { roster: { alice: 'presenter' } })) as {
      id: string;
    };
    const { url } = (await backend.do('POST', `/v1/rooms/${id}/guest-links`, { role: 'consumer' })) as {
      url: string;
    };
    const [alice, bob] = [await connect('alice'), await connect('bob')];
    await join(alice, id);
    expect(await refusalToJoin(bob, id)).toBe('not_on_roster');

    const { body } = await ask(platform.url, undefined, [
      'POST',
      '/v1/guest-sessions',
      { code: new URL(url).hash.slice(1), displayName: 'Visitor' },
    ]);
    const visitor = await connected(backend.connectWith((body as { token: string }).token));
    await join(visitor, id);

    expect((await alice.next('participantJoined')).participant).toMatchObject({
      role: 'consumer',
      identity: { displayName: 'Visitor', kind: 'guest' },
    });
  });

  it('tells those in it of a change of the roster within a second, and shows out who is taken off', async () => {
    const { id } = (await backend.do('POST', '/v1/rooms', {
      roster: { alice: 'presenter', bob: 'presenter' },
    })) as { id: string };
    const [alice, bob] = [await connect('alice'), await connect('bob')];
    const { call } = await join(alice, id);
    const { participantId } = await join(bob, id);

    await within(1_000, async () => {
      await backend.do('PATCH', `/v1/rooms/${id}`, { roster: { bob: 'consumer' } });
      const change = { callId: call.id, participantId, role: 'consumer' };
      expect(await alice.next('roleChanged')).toEqual(change);
      expect(await bob.next('roleChanged')).toEqual(change);
    });
    await within(1_000, async () => {
      await backend.do('PATCH', `/v1/rooms/${id}`, { roster: { bob: null } });
      expect(await bob.next('callEnded')).toEqual({ callId: call.id, reason: 'not_on_roster' });
    });
  });

  it('can be joined at once by a user and a token that were made a moment ago', async () => {
    const { id } = (await backend.do('POST', '/v1/rooms', { access: 'open' })) as { id: string };
    const { token } = (await backend.do('POST', '/v1/users', { id: 'dave', issueToken: true })) as {
      token: { token: string };
    };

    const dave = await connected(backend.connectWith(token.token));

    expect((await join(dave, id)).call.state).toBe('connected');
  });
});

describe('a live call, over REST', () => {
  it('is listed, and ended for everyone', async () => {
    const { alice, bob, callId } = await connectedCall();
    await recorded(callId, ({ connectedAt }) => connectedAt !== undefined);
    const { items } = callListSchema.parse(await backend.do('GET', '/v1/calls?state=live'));
    expect(items.map(({ id }) => id)).toEqual([callId]);

    await backend.do('POST', `/v1/calls/${callId}/end`);

    for (const client of [alice, bob]) {
      expect(await client.next('callEnded')).toEqual({ callId, reason: 'server_ended' });
    }
    expect((await backend.ask('POST', `/v1/calls/${callId}/end`)).status).toBe(404);
  });

  it('loses a participant who is removed', async () => {
    const { bob, callId, bobsId } = await connectedCall();

    await backend.do('DELETE', `/v1/calls/${callId}/participants/${bobsId}`);

    expect(await bob.next('callEnded')).toEqual({ callId, reason: 'removed' });
  });

  it('has a microphone muted, which its owner may open again', async () => {
    const { alice, bob, callId, alicesId } = await connectedCall();
    const { producerId } = await alice.request('produce', {
      callId,
      source: 'microphone',
      rtpParameters: opusParameters(),
      paused: false,
    });

    await backend.do('POST', `/v1/calls/${callId}/participants/${alicesId}/mute`);

    const muted = { callId, participantId: alicesId, producerId };
    expect(await bob.next('producerPaused')).toEqual(muted);
    expect(await alice.next('producerPaused')).toEqual(muted);
    await alice.request('resumeProducer', { callId, producerId });
    expect(await bob.next('producerResumed')).toEqual(muted);
  });

  it('is recorded with who was in it, when, and how it ended', async () => {
    const before = Date.now();
    const { alice, bob, callId } = await connectedCall();
    await alice.request('leaveCall', { callId });
    await bob.next('callEnded');

    const call = await recorded(callId, ({ state }) => state === 'ended');

    expect(call).toMatchObject({ kind: 'direct', endReason: 'hangup' });
    expect(new Set(call.participants.map(({ userId }) => userId))).toEqual(new Set(['alice', 'bob']));
    const moments = [
      call.startedAt,
      call.connectedAt,
      call.endedAt,
      ...call.participants.flatMap(({ joinedAt, connectedAt, leftAt }) => [joinedAt, connectedAt, leftAt]),
    ].map((moment) => Date.parse(moment ?? ''));
    expect(Math.min(...moments)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...moments)).toBeLessThanOrEqual(Date.now());
    const own = callListSchema.parse(
      (await ask(platform.url, await backend.token('alice'), ['GET', '/v1/me/calls'])).body,
    );
    expect(own.items.map(({ id }) => id)).toEqual([callId]);
  });

  it('ends for a user who is deleted, and is kept without the name', async () => {
    const { alice, bob, callId } = await connectedCall();
    await recorded(callId, ({ connectedAt }) => connectedAt !== undefined);

    await within(1_000, async () => {
      await backend.do('DELETE', '/v1/users/bob');
      expect((await bob.next('sessionEnded')).code).toBe('token_revoked');
      await alice.next('callEnded');
    });

    const call = await recorded(callId, ({ state }) => state === 'ended');
    expect(call.participants.map(({ userId, displayName }) => [userId, displayName])).toEqual(
      expect.arrayContaining([
        ['alice', 'alice'],
        [undefined, undefined],
      ]),
    );
    expect(call.participants).toHaveLength(2);
  });
});

describe('a revocation', () => {
  it('ends what is open within a second, refuses the token, and spares one issued afterwards', async () => {
    const token = await backend.token('alice');
    const alice = await connected(backend.connectWith(token));

    await within(1_000, async () => {
      await backend.do('DELETE', '/v1/users/alice/tokens');
      expect((await alice.next('sessionEnded')).code).toBe('token_revoked');
      await alice.disconnected();
    });

    await expect(backend.connectWith(token)).rejects.toThrow(/revoked/);
    await connect('alice');
  });

  it('of a guest link ends the parts of those who came by it', async () => {
    const { id } = (await backend.do('POST', '/v1/rooms', {})) as { id: string };
    const link = (await backend.do('POST', `/v1/rooms/${id}/guest-links`, {})) as { id: string; url: string };
    const { body } = await ask(platform.url, undefined, [
      'POST',
      '/v1/guest-sessions',
      { code: new URL(link.url).hash.slice(1), displayName: 'Visitor' },
    ]);
    const visitor = await connected(backend.connectWith((body as { token: string }).token));
    await join(visitor, id);

    await within(1_000, async () => {
      await backend.do('DELETE', `/v1/rooms/${id}/guest-links/${link.id}`);
      expect((await visitor.next('sessionEnded')).code).toBe('token_revoked');
    });
  });

  it('of a whole application comes with its deletion, and leaves the neighbour alone', async () => {
    const neighbour = await createBackend(platform.url);
    await neighbour.do('POST', '/v1/users', { id: 'alice' });
    const [here, there] = [await connect('alice'), await connected(neighbour.connect('alice'))];

    await ask(platform.url, operatorKey, ['DELETE', `/v1/applications/${backend.applicationId}`]);

    expect((await here.next('sessionEnded')).code).toBe('token_revoked');
    expect(await refusalToRing(there, 'nobody')).toBe('callee_not_found');
  });
});

describe('contacts', () => {
  it('show who is offline, online and in a call', async () => {
    const presences = async () => {
      const { body } = await ask(platform.url, await backend.token('carol'), ['GET', '/v1/contacts']);

      return contactListSchema.parse(body).items.map(({ id, presence }) => [id, presence]);
    };
    const alice = await connect('alice');
    expect(await presences()).toEqual([
      ['alice', 'online'],
      ['bob', 'offline'],
    ]);

    const { id } = (await backend.do('POST', '/v1/rooms', { access: 'open' })) as { id: string };
    await join(alice, id);

    expect(await presences()).toEqual([
      ['alice', 'busy'],
      ['bob', 'offline'],
    ]);
  });
});
