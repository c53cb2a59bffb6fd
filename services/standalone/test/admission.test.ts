import { describe, expect, it } from 'vitest';
import { ask, createBackend, operatorKey } from './support/backend.ts';
import { join, liveWorld, refusalToJoin, refusalToRing, ring, within } from './support/liveWorld.ts';

/** What a backend says over REST holds at the sfu's door, and for those who are in already. */
const world = liveWorld();
const { connect, connectWith } = world;

async function anonymousToken(): Promise<string> {
  const { id, secret } = (await world.backend.do(
    'POST',
    `/v1/applications/${world.backend.applicationId}/keys`,
    {
      name: 'page',
      rights: ['anonymous'],
    },
  )) as { id: string; secret: string };
  const response = await fetch(`${world.platform.url}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret }),
  });

  return ((await response.json()) as { access_token: string }).access_token;
}

describe('an anonymous user', () => {
  it('rings an allowed destination, and nobody else, and no two', async () => {
    await world.backend.do('PUT', '/v1/anonymous-destinations', { destinations: ['bob'] });
    const bob = await connect('bob');
    await connect('carol');
    const visitor = await connectWith(await anonymousToken());

    expect(await refusalToRing(visitor, 'carol')).toBe('forbidden');
    expect(await refusalToRing(visitor, 'nobody')).toBe('forbidden');
    expect(await refusalToRing(visitor, 'bob', 'carol')).toBe('forbidden');
    await ring(visitor, 'bob');
    expect((await bob.next('incomingCall')).caller.kind).toBe('anonymous');
  });

  it('cannot ring a destination that was taken off the list a moment ago', async () => {
    await world.backend.do('PUT', '/v1/anonymous-destinations', { destinations: ['bob'] });
    await connect('bob');
    const visitor = await connectWith(await anonymousToken());

    await world.backend.do('DELETE', '/v1/anonymous-destinations');

    expect(await refusalToRing(visitor, 'bob')).toBe('forbidden');
  });
});

describe('a telephone number', () => {
  it('rings the user it was given to, and after it moved the other one', async () => {
    const number = '+15551234567';
    await world.backend.do('PATCH', '/v1/users/bob', { phoneNumbers: [number] });
    const [alice, bob, carol] = [await connect('alice'), await connect('bob'), await connect('carol')];
    const { call } = await ring(alice, number);
    await bob.next('incomingCall');
    await alice.request('leaveCall', { callId: call.id });

    await world.backend.do('PATCH', '/v1/users/bob', { phoneNumbers: null });
    await world.backend.do('PATCH', '/v1/users/carol', { phoneNumbers: [number] });

    await ring(alice, number);
    await carol.next('incomingCall');
    expect(bob.unread).not.toContain('incomingCall');
  });
});

describe('a room', () => {
  it('of invitations admits its roster and who comes by a guest link, and nobody else', async () => {
    const { id } = (await world.backend.do('POST', '/v1/rooms', { roster: { alice: 'presenter' } })) as {
      id: string;
    };
    const { url } = (await world.backend.do('POST', `/v1/rooms/${id}/guest-links`, { role: 'consumer' })) as {
      url: string;
    };
    const [alice, bob] = [await connect('alice'), await connect('bob')];
    await join(alice, id);
    expect(await refusalToJoin(bob, id)).toBe('not_on_roster');

    const visitor = await connectWith(await world.guestToken(url));
    await join(visitor, id);

    expect((await alice.next('participantJoined')).participant).toMatchObject({
      role: 'consumer',
      identity: { displayName: 'Visitor', kind: 'guest' },
    });
  });

  it('tells those in it of a change of the roster within a second, and shows out who is taken off', async () => {
    const { id } = (await world.backend.do('POST', '/v1/rooms', {
      roster: { alice: 'presenter', bob: 'presenter' },
    })) as { id: string };
    const [alice, bob] = [await connect('alice'), await connect('bob')];
    const { call } = await join(alice, id);
    const { participantId } = await join(bob, id);

    await within(1_000, async () => {
      await world.backend.do('PATCH', `/v1/rooms/${id}`, { roster: { bob: 'consumer' } });
      const change = { callId: call.id, participantId, role: 'consumer' };
      expect(await alice.next('roleChanged')).toEqual(change);
      expect(await bob.next('roleChanged')).toEqual(change);
    });
    await within(1_000, async () => {
      await world.backend.do('PATCH', `/v1/rooms/${id}`, { roster: { bob: null } });
      expect(await bob.next('callEnded')).toEqual({ callId: call.id, reason: 'not_on_roster' });
    });
  });

  it('can be joined at once by a user and a token that were made a moment ago', async () => {
    const { id } = (await world.backend.do('POST', '/v1/rooms', { access: 'open' })) as { id: string };
    const { token } = (await world.backend.do('POST', '/v1/users', { id: 'dave', issueToken: true })) as {
      token: { token: string };
    };

    const dave = await connectWith(token.token);

    expect((await join(dave, id)).call.state).toBe('connected');
  });
});

describe('a revocation', () => {
  it('ends what is open within a second, refuses the token, and spares one issued afterwards', async () => {
    const token = await world.backend.token('alice');
    const alice = await connectWith(token);

    await within(1_000, async () => {
      await world.backend.do('DELETE', '/v1/users/alice/tokens');
      expect((await alice.next('sessionEnded')).code).toBe('token_revoked');
      await alice.disconnected();
    });

    await expect(connectWith(token)).rejects.toThrow(/revoked/);
    await connect('alice');
  });

  it('of a guest link ends the parts of those who came by it', async () => {
    const { id } = (await world.backend.do('POST', '/v1/rooms', {})) as { id: string };
    const link = (await world.backend.do('POST', `/v1/rooms/${id}/guest-links`, {})) as {
      id: string;
      url: string;
    };
    const visitor = await connectWith(await world.guestToken(link.url));
    await join(visitor, id);

    await within(1_000, async () => {
      await world.backend.do('DELETE', `/v1/rooms/${id}/guest-links/${link.id}`);
      expect((await visitor.next('sessionEnded')).code).toBe('token_revoked');
    });
  });

  it('of a whole application comes with its deletion, and leaves the neighbour alone', async () => {
    const neighbour = await createBackend(world.platform.url);
    await neighbour.do('POST', '/v1/users', { id: 'alice' });
    const [here, there] = [await connect('alice'), await connectWith(await neighbour.token('alice'))];

    await ask(world.platform.url, operatorKey, ['DELETE', `/v1/applications/${world.backend.applicationId}`]);

    expect((await here.next('sessionEnded')).code).toBe('token_revoked');
    expect(await refusalToRing(there, 'nobody')).toBe('callee_not_found');
  });
});

describe('settings of an application', () => {
  it('hold for the next socket: the origins of its pages, and how many devices a user may connect', async () => {
    const token = await world.backend.token('alice');
    const connectFrom = (origin: string) => connectWith(token, origin);
    const operate = (settings: object) =>
      ask(world.platform.url, operatorKey, [
        'PATCH',
        `/v1/applications/${world.backend.applicationId}`,
        settings,
      ]);
    await expect(connectFrom('https://shop.example')).rejects.toThrow(/Pages of/);

    await operate({ allowedOrigins: ['https://shop.example'], limits: { connectionsPerUser: 1 } });

    await connectFrom('https://shop.example');
    await expect(connectFrom('https://shop.example')).rejects.toThrow(/connections|devices/);
    await operate({ limits: { connectionsPerUser: 2 } });
    await connectFrom('https://shop.example');
    await expect(connectFrom('https://evil.example')).rejects.toThrow(/Pages of/);
  });
});
