import { once } from 'node:events';
import { signalingPath, type Joined } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;

beforeAll(async () => {
  sfu = await startTestSfu({
    requestBytes: 20_000,
    requestCosts: { raiseHand: 1_000 },
    handshakeSeconds: 1,
    callLimits: { waiting: 1, iceRestartsPerMinute: 2, resumesPerMinute: 1 },
    mediaLimits: { data: { messagesPerSecond: 1 } },
  });
});
afterAll(() => sfu[Symbol.asyncDispose]());

describe('limits that the operator has changed', () => {
  it('make a request too large that would usually be small enough', async () => {
    const alice = await sfu.connect('alice');
    const request = (bytes: number) => ({ name: 'leaveCall', data: { callId: 'x'.repeat(bytes) } });

    expect(await alice.refusal(request(19_000))).toBe('invalid_request');
    expect(await alice.refusal(request(21_000))).toBe('payload_too_large');
  });

  it('make a request cost more than it usually does', async () => {
    const alice = await sfu.connect('alice');
    const raiseHand = () => alice.refusal({ name: 'raiseHand', data: { callId: 'c1' } });

    // What costs more than there can be takes all there is.
    expect([await raiseHand(), await raiseHand()]).toEqual(['call_not_found', 'too_many_requests']);
  });

  it('close a socket that brings no token in time', async () => {
    const address = new URL(`${signalingPath}/?EIO=4&transport=websocket`, sfu.url.replace('http', 'ws'));
    const beganAtMs = Date.now();
    await once(new WebSocket(address), 'close');

    expect(Date.now() - beganAtMs).toBeLessThan(4_500);
  });

  it('let as many wait in a lobby, restart ICE as often and come back as often as they say', async () => {
    await sfu.putRoom({ roomId: 'r1', lobby: true, roster: { alice: 'presenter' } });
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((id) => sfu.connect(id)));
    const join = async (client = alice) =>
      client?.send({ name: 'joinRoom', data: { roomId: 'r1', media: await client.offer() } });
    const joined = await join(alice);
    const { call, resumeToken } = (joined?.ok === true ? joined.data : undefined) as Joined;
    const callId = call.id;
    const resume = () => alice?.send({ name: 'resume', data: { callId, resumeToken, sequence: 0 } });
    const restart = () => alice?.send({ name: 'restartIce', data: { callId } });

    expect([await join(bob), await join(carol)]).toMatchObject([
      { ok: true, data: { action: 'lobby' } },
      { ok: false, error: { code: 'room_full' } },
    ]);
    expect([await restart(), await restart(), await restart()]).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: false, error: { code: 'too_many_requests', retryAfterSeconds: 30 } },
    ]);
    expect([await resume(), await resume()]).toMatchObject([
      { ok: true, data: { action: 'resume' } },
      { ok: false, error: { code: 'too_many_requests', retryAfterSeconds: 60 } },
    ]);
  });
});
