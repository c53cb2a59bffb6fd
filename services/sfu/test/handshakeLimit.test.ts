import { once } from 'node:events';
import { protocolVersion, signalingPath, type Joined } from '@parley/protocol';
import { expect, it, vi } from 'vitest';
import { TestClient, type ConnectOptions } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

/** What `connect_error` carries, its message when it carries nothing, or 'connected'. */
async function outcome({ url }: TestSfu, token: string, options?: ConnectOptions): Promise<unknown> {
  try {
    const client = await TestClient.connect(url, token, options);
    client.socket.disconnect();

    return 'connected';
  } catch (error) {
    const { data, message } = error as Error & { data?: { code?: string } };

    return data?.code ?? message;
  }
}

/** A transport that is open and has said nothing. */
async function openTransport({ url }: TestSfu): Promise<WebSocket> {
  const address = new URL(`${signalingPath}/?EIO=4&transport=websocket`, url.replace('http', 'ws'));
  const transport = new WebSocket(address);
  await once(transport, 'message');

  return transport;
}

it('garbage tokens without end are refused before any more of them are looked at', async () => {
  await using sfu = await startTestSfu({ addressHandshakesPerMinute: 3 });
  const keys = vi.spyOn(sfu.backplane.admission, 'signingKeys');
  const outcomes: unknown[] = [];
  for (let count = 0; count < 6; count += 1) {
    outcomes.push(await outcome(sfu, 'garbage'));
  }

  const [unauthenticated, tooMany] = ['unauthenticated', 'too_many_requests'];
  expect(outcomes).toEqual([unauthenticated, unauthenticated, unauthenticated, tooMany, tooMany, tooMany]);
  expect(keys).toHaveBeenCalledTimes(3);
});

it('handshakes that succeed are not counted', async () => {
  await using sfu = await startTestSfu({ addressHandshakesPerMinute: 1 });
  const token = await sfu.token('alice');
  for (let count = 0; count < 4; count += 1) {
    expect(await outcome(sfu, token)).toBe('connected');
  }

  expect(await outcome(sfu, 'garbage')).toBe('unauthenticated');
  expect(await outcome(sfu, token)).toBe('too_many_requests');
});

it('handshakes that fail for reasons of the node are not counted', async () => {
  await using sfu = await startTestSfu({ addressHandshakesPerMinute: 1 }, { revocationsKnown: false });
  const token = await sfu.token('alice');

  expect([await outcome(sfu, token), await outcome(sfu, token)]).toEqual(['unavailable', 'unavailable']);
});

it('behind a trusted proxy each network is counted for itself, of IPv6 the first 64 bits', async () => {
  await using sfu = await startTestSfu({ addressHandshakesPerMinute: 1, trustedProxies: ['loopback'] });
  const from = (forwardedFor: string) => outcome(sfu, 'garbage', { forwardedFor });

  expect(await from('2001:db8:1:2::1')).toBe('unauthenticated');
  expect(await from('2001:db8:1:2:ffff::9')).toBe('too_many_requests');
  expect(await from('2001:db8:1:3::1')).toBe('unauthenticated');
  // What stands before it, the client wrote there.
  expect(await from('198.51.100.1, 203.0.113.7')).toBe('unauthenticated');
  expect(await from('198.51.100.2, 203.0.113.7')).toBe('too_many_requests');
});

it('X-Forwarded-For of somebody who is no trusted proxy changes nothing', async () => {
  await using sfu = await startTestSfu({ addressHandshakesPerMinute: 1 });

  expect(await outcome(sfu, 'garbage', { forwardedFor: '203.0.113.7' })).toBe('unauthenticated');
  expect(await outcome(sfu, 'garbage', { forwardedFor: '203.0.113.8' })).toBe('too_many_requests');
});

it('as many silent transports wait as are allowed, and those that give up have failed', async () => {
  await using sfu = await startTestSfu({ addressHandshakesPerMinute: 2, anonymousSocketsPerAddress: 2 });
  const token = await sfu.token('alice');
  const silent = [await openTransport(sfu), await openTransport(sfu)];

  expect(await outcome(sfu, token)).toBe('websocket error');
  silent.forEach((transport) => transport.close());
  await expect.poll(() => outcome(sfu, token)).toBe('too_many_requests');
});

it('a transport that brings many tokens at once has one of them looked at', async () => {
  await using sfu = await startTestSfu();
  const keys = vi.spyOn(sfu.backplane.admission, 'signingKeys');
  const transport = await openTransport(sfu);
  for (let count = 0; count < 20; count += 1) {
    transport.send(`40${JSON.stringify({ token: 'garbage', protocolVersion, clientId: 'client' })}`);
  }
  await once(transport, 'close');

  expect(keys).toHaveBeenCalledTimes(1);
});

it('a transport that says nothing for 5 s is closed', async () => {
  await using sfu = await startTestSfu();
  const beganAtMs = Date.now();
  const transport = await openTransport(sfu);
  await once(transport, 'close');

  expect(Date.now() - beganAtMs).toBeGreaterThan(4_500);
  expect(Date.now() - beganAtMs).toBeLessThan(10_000);
});

it('a crowd at the door of one call is told to come back, and other calls are entered', async () => {
  await using sfu = await startTestSfu({ callLimits: { joinsPerSecond: 1 } });
  await sfu.putRoom({ roomId: 'crowded' });
  await sfu.putRoom({ roomId: 'quiet' });
  const clients = await Promise.all(['a', 'b', 'c', 'd'].map((userId) => sfu.connect(userId)));
  const join = async (client: TestClient, roomId: string) =>
    client.send({ name: 'joinRoom', data: { roomId, media: await client.offer() } });
  const answers = await Promise.all(clients.map((client) => join(client, 'crowded')));

  const refused = answers.filter((answer) => !answer.ok);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({
    error: { code: 'too_many_requests', retryable: true, retryAfterSeconds: 1 },
  });
  const outsider = await sfu.connect('e');
  expect(await join(outsider, 'quiet')).toMatchObject({ ok: true });
});

it('strangers who ask to enter a room as fast as they may keep nobody out whom it knows', async () => {
  await using sfu = await startTestSfu();
  await sfu.putRoom({ roomId: 'r1', access: 'invite', roster: { chair: 'presenter' } });
  const chair = await sfu.connect('chair');
  // Each may ask twenty times at once: together they ask more often than a room may be entered.
  const strangers = await Promise.all(Array.from({ length: 12 }, (_, index) => sfu.connect(`s${index}`)));
  const join = async (client: TestClient) =>
    client.send({ name: 'joinRoom', data: { roomId: 'r1', media: await client.offer() } });
  const knocks = await Promise.all(
    strangers.flatMap((client) => Array.from({ length: 20 }, () => join(client))),
  );

  expect(new Set(knocks.map((answer) => (answer.ok ? 'in' : answer.error.code)))).toEqual(
    new Set(['not_on_roster']),
  );
  for (let count = 0; count < 3; count += 1) {
    const [entered] = await Promise.all([join(chair), ...strangers.map(join)]);
    expect(entered).toMatchObject({ ok: true, data: { action: 'joined' } });
    const { call } = (entered.ok ? entered.data : undefined) as Joined;
    await chair.request('leaveCall', { callId: call.id });
  }
});
