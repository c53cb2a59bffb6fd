import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limitsWith, type Joined } from '@parley/protocol';
import type { SessionGrant } from '@parley/tokens';
import { opusParameters } from './support/rtpParameters.ts';
import { TestClient } from './support/TestClient.ts';
import { applicationId, startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;

beforeEach(async () => {
  sfu = await startTestSfu();
  await sfu.putRoom({ roomId: 'room', roster: { bob: 'presenter' } });
});

afterEach(async () => {
  await sfu[Symbol.asyncDispose]();
});

async function enter(client: TestClient): Promise<Joined> {
  return client.enter('joinRoom', { roomId: 'room', media: await client.offer() });
}

function microphone({ call, media }: Joined) {
  return {
    callId: call.id,
    transportId: media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  } as const;
}

/** A token that was good an hour ago. */
function expiredToken(userId: string, grant: Partial<SessionGrant> = {}): Promise<string> {
  return sfu.token(userId, { expiresInSeconds: 60, ...grant }, Date.now() - 3_600_000);
}

/** Resolves with the code of `connect_error`. */
async function refusalOf(connecting: Promise<TestClient>): Promise<unknown> {
  const outcome = await connecting.catch((error: { data?: { code?: string } }) => error.data?.code);

  return outcome instanceof TestClient ? 'connected' : outcome;
}

describe('a token that runs out on a connection', () => {
  it('ends no call: media goes on, and what is new or privileged waits for another token', async () => {
    const alice = await sfu.connect('alice');
    await enter(alice);
    const bob = await sfu.connect('bob', { grant: { expiresInSeconds: 2 } });
    const joined = await enter(bob);
    const callId = joined.call.id;
    await bob.next('tokenExpired');

    const { producerId } = await bob.request('produce', microphone(joined));
    await bob.request('pauseProducer', { callId, producerId });
    await bob.request('restartIce', { callId });
    const media = await bob.offer();
    const refused = [
      { name: 'startCall', data: { callees: ['alice'], media } },
      { name: 'joinRoom', data: { roomId: 'room', media } },
      { name: 'joinCall', data: { callId, media } },
      { name: 'acceptCall', data: { callId, media } },
      { name: 'endCall', data: { callId } },
      { name: 'muteParticipants', data: { callId } },
    ];
    for (const request of refused) {
      expect([request.name, await bob.refusal(request)]).toEqual([request.name, 'token_expired']);
    }
    expect(alice.unread).not.toContain('participantLeft');

    const { tokenExpiresAtMs } = await bob.request('refreshToken', { token: await sfu.token('bob') });
    expect(tokenExpiresAtMs).toBeGreaterThan(Date.now());
    await bob.request('muteParticipants', { callId });
  });

  it('takes the device out of the presence until it is refreshed, and what rings by then rings on it', async () => {
    const alice = await sfu.connect('alice');
    const bob = await sfu.connect('bob', { grant: { expiresInSeconds: 2 } });
    const tablet = await sfu.connect('bob');
    await bob.next('tokenExpired');
    const devices = () => sfu.backplane.presence.endpointsOf(applicationId, 'bob');
    await expect.poll(devices).toHaveLength(1);
    const { call } = await alice.enter('startCall', { callees: ['bob'], media: await alice.offer() });
    await tablet.next('incomingCall');
    expect(bob.unread).not.toContain('incomingCall');

    await bob.request('refreshToken', { token: await sfu.token('bob') });
    expect(await bob.next('incomingCall')).toMatchObject({ callId: call.id });
    expect(await devices()).toHaveLength(2);
  });
});

describe('a newer token', () => {
  it('is taken from the same user alone, and not when it has run out or was revoked', async () => {
    const bob = await sfu.connect('bob');
    const revoked = await sfu.token('bob', { grantId: 'lost' });
    const subject = { kind: 'grant', grantId: 'lost' } as const;
    await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs: Date.now() + 1 });
    const asGuest: Partial<SessionGrant> = {
      identity: { userId: 'bob', displayName: 'bob', kind: 'guest' },
      scopes: ['rooms.join'],
      guestOf: { roomId: 'room', role: 'attendee' },
    };
    const tokens: [string, string][] = [
      [await sfu.token('mallory'), 'forbidden'],
      [await sfu.token('bob', { applicationId: 'other' }), 'forbidden'],
      [await sfu.token('bob', asGuest), 'forbidden'],
      [await expiredToken('bob'), 'token_expired'],
      [revoked, 'token_revoked'],
      ['garbage', 'unauthenticated'],
    ];

    for (const [token, code] of tokens) {
      expect(await bob.refusal({ name: 'refreshToken', data: { token } })).toBe(code);
    }
    expect(bob.socket.connected).toBe(true);
  });

  it('of a guest is for the same room', async () => {
    const guest = (roomId: string): Partial<SessionGrant> => ({
      identity: { userId: 'guest-1', displayName: 'Visitor', kind: 'guest' },
      scopes: ['rooms.join'],
      guestOf: { roomId, role: 'attendee' },
    });
    const visitor = await sfu.connect('guest-1', { grant: guest('room') });
    const [same, other] = [await sfu.token('guest-1', guest('room')), await sfu.token('guest-1', guest('x'))];

    expect(await visitor.refusal({ name: 'refreshToken', data: { token: other } })).toBe('forbidden');
    expect(await visitor.refusal({ name: 'refreshToken', data: { token: same } })).toBeUndefined();
  });

  it('lets nobody back in who was removed from the call', async () => {
    const [alice, bob] = [await sfu.connect('alice'), await sfu.connect('bob')];
    const removed = await enter(alice);
    const { call } = await enter(bob);
    const callId = call.id;
    await bob.request('removeParticipant', { callId, participantId: removed.participantId });
    await alice.request('refreshToken', { token: await sfu.token('alice', { grantId: 'fresh' }) });
    const fresh = await sfu.connect('alice', { grant: { grantId: 'fresher' } });

    for (const device of [alice, fresh]) {
      const media = await device.offer();
      expect(await device.refusal({ name: 'joinRoom', data: { roomId: 'room', media } })).toBe(
        'removed_from_call',
      );
      expect(await device.refusal({ name: 'joinCall', data: { callId, media } })).toBe('removed_from_call');
    }
  });

  it('says anew what the device may do', async () => {
    await sfu.connect('alice');
    const bob = await sfu.connect('bob', { grant: { scopes: ['calls.join'] } });
    const call = { name: 'startCall', data: { callees: ['alice'], media: await bob.offer() } };
    expect(await bob.refusal(call)).toBe('forbidden');
    await bob.request('refreshToken', { token: await sfu.token('bob') });

    expect(await bob.refusal(call)).toBeUndefined();
  });

  it('is what a revocation concerns from then on', async () => {
    const bob = await sfu.connect('bob', { grant: { grantId: 'old' } });
    await bob.request('refreshToken', { token: await sfu.token('bob', { grantId: 'new' }) });
    const revoke = (grantId: string) =>
      sfu.backplane.admission.putRevocation({
        applicationId,
        subject: { kind: 'grant', grantId },
        revokedBeforeMs: Date.now() + 1,
      });
    await revoke('old');
    await bob.request('refreshToken', { token: await sfu.token('bob', { grantId: 'new' }) });
    await revoke('new');

    expect(await bob.next('sessionEnded')).toMatchObject({ code: 'token_revoked' });
  });
});

describe('connecting with a token that has run out', () => {
  it('is for those whose place is kept, and they resume and refresh', async () => {
    const alice = await sfu.connect('alice');
    await enter(alice);
    const bob = await sfu.connect('bob');
    const { call, resumeToken, sequence, participantId } = await enter(bob);
    bob.drop();
    await alice.next('participantStateChanged');

    const token = await expiredToken('bob');
    const back = await TestClient.connect(sfu.url, token, { resumeTokens: ['stale', resumeToken] });
    expect((await back.welcome()).tokenExpiresAtMs).toBeLessThan(Date.now());
    expect(await sfu.backplane.presence.endpointsOf(applicationId, 'bob')).toEqual([]);
    const join = { name: 'joinRoom', data: { roomId: 'room', media: await back.offer() } };
    expect(await back.refusal(join)).toBe('token_expired');
    const request = { callId: call.id, resumeToken, sequence };
    expect(await back.request('resume', request)).toMatchObject({ action: 'resume' });
    expect(await alice.next('participantStateChanged')).toMatchObject({ participantId, state: 'connected' });

    await back.request('refreshToken', { token: await sfu.token('bob') });
    expect(await sfu.backplane.presence.endpointsOf(applicationId, 'bob')).toHaveLength(1);
    back.socket.disconnect();
  });

  it('has as many resume tokens looked at as a device may have calls', async () => {
    const bob = await sfu.connect('bob');
    const { resumeToken } = await enter(bob);
    const { callsPerDevice } = limitsWith();
    const stale = (count: number) => Array<string>(count).fill('x'.repeat(128));
    const token = await expiredToken('bob');
    const connect = (resumeTokens: string[]) => TestClient.connect(sfu.url, token, { resumeTokens });

    expect(await refusalOf(connect([...stale(callsPerDevice), resumeToken]))).toBe('token_expired');
    const back = await connect([...stale(callsPerDevice - 1), resumeToken]);
    back.socket.disconnect();
  });

  it('is for nobody else: not without a place, with that of another, nor revoked', async () => {
    const bob = await sfu.connect('bob');
    const { resumeToken } = await enter(bob);
    const resumeTokens = [resumeToken];
    const connect = (token: string, options = { resumeTokens }) =>
      refusalOf(TestClient.connect(sfu.url, token, options));

    expect(await refusalOf(TestClient.connect(sfu.url, await expiredToken('bob')))).toBe('token_expired');
    expect(await connect(await expiredToken('bob'), { resumeTokens: ['x'.repeat(32)] })).toBe(
      'token_expired',
    );
    expect(await connect(await expiredToken('mallory'))).toBe('token_expired');
    expect(await connect(await expiredToken('bob', { applicationId: 'other' }))).toBe('token_expired');
    const subject = { kind: 'user', userId: 'bob' } as const;
    const revokedBeforeMs = Date.now() - 60_000;
    await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs });
    expect(await connect(await expiredToken('bob'))).toBe('token_revoked');
  });
});
