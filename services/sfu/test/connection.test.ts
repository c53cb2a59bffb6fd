import { request } from 'node:http';
import { limitsWith, maxChatTextLength, keptChatMessages, signalingPath } from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

/** The most a client may send at once. */
const clientFrameBytes = 256 * 1024;

let sfu: TestSfu;

beforeAll(async () => {
  sfu = await startTestSfu({
    turn: { urls: ['turns:turn.example:5349'], secret: 'x'.repeat(32), ttlSeconds: 300 },
  });
});

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

/** The extensions the server takes of those a browser offers. */
function extensionsTaken(): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const url = new URL(`${signalingPath}/?EIO=4&transport=websocket`, sfu.url);
    const upgrade = request(url, {
      headers: {
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': Buffer.alloc(16).toString('base64'),
        'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits',
      },
    });
    upgrade.once('upgrade', ({ headers }, socket) => {
      socket.destroy();
      resolve(headers['sec-websocket-extensions']);
    });
    upgrade.once('response', ({ statusCode }) => reject(new Error(`Answered ${statusCode}.`)));
    upgrade.once('error', reject);
    upgrade.end();
  });
}

describe('a connection', () => {
  it('does not compress, whatever the client offers', async () => {
    expect(await extensionsTaken()).toBeUndefined();
  });

  it('begins with ICE servers whose credential is the user’s own, and of that moment', async () => {
    const beforeSeconds = Date.now() / 1000;
    const [alice, bob] = [await sfu.connect('alice'), await sfu.connect('bob')];
    const [hers, his] = [(await alice.welcome()).iceServers, (await bob.welcome()).iceServers];
    const [expiry, name] = hers[0]?.username?.split(':') ?? [];

    expect(hers).toMatchObject([{ urls: ['turns:turn.example:5349'], credential: expect.any(String) }]);
    expect(Number(expiry) - beforeSeconds).toBeGreaterThan(298);
    expect(his[0]?.username).not.toContain(name);
    expect(his[0]?.credential).not.toBe(hers[0]?.credential);
  });

  it('brings a client a call that is larger than anything it may send itself', async () => {
    await sfu.putApplication({ limits: limitsWith({ signalingRequestsPerSecond: 10_000 }) });
    await sfu.putRoom({ roomId: 'talkative' });
    const text = 'x'.repeat(maxChatTextLength);
    const lost = await sfu.connect('lost');
    const { call, resumeToken } = await lost.enter('joinRoom', {
      roomId: 'talkative',
      media: await lost.offer(),
    });
    const callId = call.id;
    lost.drop();
    for (let writer = 0; writer * 20 < keptChatMessages; writer += 1) {
      const client = await sfu.connect(`writer-${writer}`);
      await client.enter('joinRoom', { roomId: 'talkative', media: await client.offer() });
      const messages = Array.from({ length: 20 }, () => client.request('sendChat', { callId, text }));
      await Promise.all(messages);
    }

    const back = await sfu.connect('lost', { clientId: lost.clientId });
    const resumed = await back.request('resume', { callId, resumeToken, sequence: 0 });
    const late = await sfu.connect('late');
    const joined = await late.enter('joinRoom', { roomId: 'talkative', media: await late.offer() });
    const { call: seen } = await back.request('getSnapshot', { callId });

    expect(resumed.action).toBe('resume');
    for (const arrived of [resumed, joined, seen]) {
      expect(JSON.stringify(arrived).length).toBeGreaterThan(clientFrameBytes);
    }
    expect(joined.call.chat.map((message) => message.text)).toEqual(Array(keptChatMessages).fill(text));
    // The connection that brought it goes on.
    expect(await back.request('raiseHand', { callId })).toEqual({});
  });
});
