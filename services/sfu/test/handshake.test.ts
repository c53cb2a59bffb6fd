import { createDeferred } from '@parley/kit';
import { limitsWith, limitTable, protocolVersion, signalingPath } from '@parley/protocol';
import { generateSigningJwk, loadSigningKey, signSessionToken } from '@parley/tokens';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestClient, type ConnectOptions } from './support/TestClient.ts';
import { applicationId, publicUrl, startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;

beforeAll(async () => {
  sfu = await startTestSfu();
});

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

/** What `connect_error` carries, or 'connected'. */
async function outcome(token: string, options?: ConnectOptions): Promise<unknown> {
  try {
    const client = await TestClient.connect(sfu.url, token, options);
    client.socket.disconnect();

    return 'connected';
  } catch (error) {
    return (error as { data?: { code?: string } }).data?.code;
  }
}

describe('the handshake', () => {
  it('welcomes the bearer of a token with who they are and what the routers forward', async () => {
    const client = await sfu.connect('alice');
    const welcome = await client.welcome();

    expect(welcome).toMatchObject({
      protocolVersion,
      identity: { userId: 'alice', displayName: 'alice', kind: 'user' },
      iceServers: [],
    });
    const codecs = welcome.routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType);
    expect(codecs?.filter((codec) => codec !== 'video/rtx')).toEqual([
      'audio/opus',
      'video/VP8',
      'video/VP9',
      'video/H264',
    ]);
    expect(welcome.tokenExpiresAtMs).toBeGreaterThan(Date.now());
    const devices = await sfu.backplane.presence.endpointsOf(applicationId, 'alice');
    expect(devices.map(({ endpointId }) => endpointId)).toEqual([welcome.endpointId]);
  });

  it('names AV1 where the operator wants it', async () => {
    await using other = await startTestSfu({ hasAv1: true });
    const { routerRtpCapabilities } = await (await other.connect('alice')).welcome();

    expect(routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType)).toContain('video/AV1');
  });

  it('is over a WebSocket only: polling is refused', async () => {
    const answer = await fetch(`${sfu.url}${signalingPath}/?EIO=4&transport=polling`);

    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ message: 'Transport unknown' });
  });

  it('gives a connection one try: a refused one is closed', async () => {
    const socket = io(sfu.url, {
      path: signalingPath,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token: 'forged', protocolVersion, clientId: 'client' },
    });
    const closed = new Promise((resolve) => socket.io.engine.once('close', resolve));

    expect(await new Promise((resolve) => socket.once('connect_error', resolve))).toMatchObject({
      data: { code: 'unauthenticated' },
    });
    await closed;
    expect(socket.connected).toBe(false);
  });

  it('admits as many devices of one user as the application allows, by its limits of that moment', async () => {
    await sfu.putApplication({ limits: limitsWith({ connectionsPerUser: 3 }) });
    const token = await sfu.token('collector');
    const clients = await Promise.all(Array.from({ length: 3 }, () => TestClient.connect(sfu.url, token)));

    expect(await outcome(token)).toBe('too_many_requests');
    expect(await outcome(await sfu.token('alice'))).toBe('connected');
    await sfu.putApplication({ limits: limitsWith({ connectionsPerUser: 4 }) });
    expect(await outcome(token)).toBe('connected');
    await sfu.putApplication({});
    clients.forEach(({ socket }) => socket.disconnect());
  });

  it('admits no more than 20 devices of one user when they all come at once, and the next when one has gone', async () => {
    const limit = 20;
    const { admission } = sfu.backplane;
    const known = admission.application.bind(admission);
    const mayGoOn = createDeferred<void>();
    let asked = 0;
    const lookUp = vi.spyOn(admission, 'application').mockImplementation(async (id) => {
      asked += 1;
      if (asked === limit + 10) {
        mayGoOn.resolve();
      }
      await mayGoOn.promise;

      return known(id);
    });
    const token = await sfu.token('hydra');

    const outcomes = await Promise.allSettled(
      Array.from({ length: limit + 10 }, () => TestClient.connect(sfu.url, token)),
    );

    lookUp.mockRestore();
    const clients = outcomes.filter((each) => each.status === 'fulfilled').map(({ value }) => value);
    expect(clients).toHaveLength(limit);
    expect(await outcome(token)).toBe('too_many_requests');
    clients[0]?.socket.disconnect();
    await vi.waitFor(async () => expect(await outcome(token)).toBe('connected'), 5_000);
    clients.forEach(({ socket }) => socket.disconnect());
  });

  it('keeps no place for a device that hangs up while it is admitted', async () => {
    await sfu.putApplication({ limits: limitsWith({ connectionsPerUser: 1 }) });
    const { admission } = sfu.backplane;
    const known = admission.application.bind(admission);
    const isAsked = createDeferred<void>();
    const mayGoOn = createDeferred<void>();
    vi.spyOn(admission, 'application').mockImplementationOnce(async (id) => {
      isAsked.resolve();
      await mayGoOn.promise;

      return known(id);
    });
    const token = await sfu.token('impatient');
    const socket = io(sfu.url, {
      path: signalingPath,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: { token, protocolVersion, clientId: 'client' },
    });
    await isAsked.promise;
    socket.disconnect();
    // The server has heard of it when it answers one that comes later.
    expect(await outcome(await sfu.token('later'))).toBe('connected');

    mayGoOn.resolve();

    expect(await outcome(token)).toBe('connected');
    await sfu.putApplication({});
  });

  it('refuses a payload that is not one, or of another protocol', async () => {
    const token = await sfu.token('alice');

    expect(await outcome('', { auth: {} })).toBe('invalid_request');
    const sound = { token, protocolVersion, clientId: 'client' };
    const faults = [
      { token: 7 },
      { token: 'x'.repeat(9000) },
      { clientId: undefined },
      { clientId: 'no/id' },
      { resumeTokens: Array(limitTable.callsPerDevice.max + 1).fill('token') },
    ];
    for (const fault of faults) {
      expect(await outcome('', { auth: { ...sound, ...fault } })).toBe('invalid_request');
    }
    expect(await outcome('', { auth: { ...sound, protocolVersion: '1.0' } })).toBe('protocol_mismatch');
    expect(await outcome('', { auth: { ...sound, protocolVersion: '2.99' } })).toBe('connected');
  });

  it('refuses tokens that are garbage, expired, of another key, another issuer or an unknown application', async () => {
    const { admission } = sfu.backplane;
    const key = await loadSigningKey(await generateSigningJwk());
    const identity = { userId: 'alice', displayName: 'alice', kind: 'user' } as const;
    const grant = { applicationId, identity, scopes: ['calls'] as const, expiresInSeconds: 60 };
    const { token: ofOtherKey } = await signSessionToken(grant, { issuer: publicUrl, key });
    const { token: ofOtherIssuer } = await signSessionToken(grant, { issuer: 'https://other.example', key });
    const twoHoursAgo = Date.now() - 7_200_000;

    expect(await outcome('garbage')).toBe('unauthenticated');
    expect(await outcome(ofOtherKey)).toBe('unauthenticated');
    expect(await outcome(await sfu.token('alice', {}, twoHoursAgo))).toBe('token_expired');
    expect(await outcome(await sfu.token('alice', { applicationId: 'unknown' }))).toBe('unauthenticated');
    await admission.putSigningKeys([...(await admission.signingKeys()), key.publicJwk]);
    expect(await outcome(ofOtherKey)).toBe('connected');
    expect(await outcome(ofOtherIssuer)).toBe('unauthenticated');
  });

  it('refuses tokens issued before the revocation of their user, and no later ones', async () => {
    const revokedBeforeMs = Date.now() - 1000;
    const subject = { kind: 'user', userId: 'rita' } as const;
    await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs });

    expect(await outcome(await sfu.token('rita', {}, revokedBeforeMs - 1))).toBe('token_revoked');
    expect(await outcome(await sfu.token('rita', {}, revokedBeforeMs))).toBe('connected');
    expect(await outcome(await sfu.token('other', {}, revokedBeforeMs - 1))).toBe('connected');
  });

  it('refuses tokens of a revoked grant, and no others of its user', async () => {
    const revokedBeforeMs = Date.now() + 1000;
    const subject = { kind: 'grant', grantId: 'lost-phone' } as const;
    await sfu.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs });

    expect(await outcome(await sfu.token('rita', { grantId: 'lost-phone' }))).toBe('token_revoked');
    expect(await outcome(await sfu.token('rita', { grantId: 'laptop' }))).toBe('connected');
  });

  it('refuses every token of a revoked application', async () => {
    await using other = await startTestSfu();
    const subject = { kind: 'application' } as const;
    const revokedBeforeMs = Date.now() + 1000;
    await other.backplane.admission.putRevocation({ applicationId, subject, revokedBeforeMs });

    await expect(TestClient.connect(other.url, await other.token('alice'))).rejects.toMatchObject({
      data: { code: 'token_revoked' },
    });
  });

  const origins: [string | undefined, string][] = [
    [undefined, 'connected'],
    [publicUrl, 'connected'],
    ['https://app.example', 'connected'],
    ['http://localhost:3000', 'connected'],
    ['http://localhost', 'connected'],
    ['https://localhost:3000', 'forbidden'],
    ['http://localhost.evil.example:3000', 'forbidden'],
    ['https://app.example.evil.example', 'forbidden'],
    ['http://app.example', 'forbidden'],
    ['null', 'forbidden'],
  ];

  for (const [origin, expected] of origins) {
    it(`from a page of ${origin ?? 'no origin'} is ${expected}`, async () => {
      const token = await sfu.token('alice');

      expect(await outcome(token, origin === undefined ? {} : { origin })).toBe(expected);
    });
  }

  it('from a page of another origin is told which, and what would admit it, as is the operator', async () => {
    const origin = 'https://other.example';

    await expect(TestClient.connect(sfu.url, await sfu.token('alice'), { origin })).rejects.toMatchObject({
      data: { code: 'forbidden', message: expect.stringMatching(`${origin} .* allowedOrigins`) as string },
    });

    const lines = sfu.log.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.find((line) => line['origin'] === origin)).toMatchObject({
      level: 30,
      msg: 'origin refused',
      applicationId,
    });
  });

  it('never lets a token into the log', async () => {
    const token = await sfu.token('alice');
    await outcome(token);
    await outcome(`${token}x`);

    expect(sfu.log.length).toBeGreaterThan(0);
    expect(sfu.log.filter((line) => line.includes(token.slice(0, 20)))).toEqual([]);
  });

  it('is unavailable while no list of revocations has arrived', async () => {
    await using bare = await startTestSfu({}, { revocationsKnown: false });

    await expect(TestClient.connect(bare.url, await bare.token('alice'))).rejects.toMatchObject({
      data: { code: 'unavailable' },
    });
  });

  it('ends at once the connection whose token was revoked while it was admitted', async () => {
    const { admission } = sfu.backplane;
    const isAsked = createDeferred<void>();
    const mayGoOn = createDeferred<void>();
    vi.spyOn(admission, 'application').mockImplementationOnce(async (id) => {
      isAsked.resolve();
      await mayGoOn.promise;

      return admission.application(id);
    });
    const connecting = TestClient.connect(sfu.url, await sfu.token('late'));
    await isAsked.promise;
    const subject = { kind: 'user', userId: 'late' } as const;
    await admission.putRevocation({ applicationId, subject, revokedBeforeMs: Date.now() + 1 });
    mayGoOn.resolve();

    const client = await connecting;

    expect(await client.next('sessionEnded')).toMatchObject({ code: 'token_revoked' });
    await client.disconnected();
  });

  it('is unavailable on a node that has lost the list, where those inside stay', async () => {
    await using node = await startTestSfu();
    const { admission } = node.backplane;
    const alice = await node.connect('alice');
    await node.putRoom({ roomId: 'room' });
    const { call } = await alice.enter('joinRoom', { roomId: 'room', media: await alice.offer() });
    vi.spyOn(admission, 'isRevoked').mockReturnValue(undefined);
    const subject = { kind: 'user', userId: 'bob' } as const;
    await admission.putRevocation({ applicationId, subject, revokedBeforeMs: Date.now() });

    await expect(TestClient.connect(node.url, await node.token('alice'))).rejects.toMatchObject({
      data: { code: 'unavailable' },
    });
    await alice.request('leaveCall', { callId: call.id });
    expect(alice.unread).toEqual([]);
  });
});
