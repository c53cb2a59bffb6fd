import { once } from 'node:events';
import {
  limitsWith,
  maxHandshakeBytes,
  maxRequestBytes,
  requestNames,
  signalingPath,
  type RequestName,
} from '@parley/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { opusParameters } from './support/rtpParameters.ts';
import { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;
let alice: TestClient;
let bob: TestClient;
let mallory: TestClient;
let callId: string;
let producerId: string;

/** Alice and Bob are in a call; Mallory is not, and does all the harm she can. */
beforeAll(async () => {
  sfu = await startTestSfu();
  alice = await sfu.connect('alice');
  bob = await sfu.connect('bob');
  mallory = await sfu.connect('mallory');
  const { media: transports } = await alice.enter('startCall', {
    callees: ['bob'],
    media: await alice.offer(),
  });
  ({ callId } = await bob.next('incomingCall'));
  await bob.enter('acceptCall', { callId, media: await bob.offer() });
  ({ producerId } = await alice.request('produce', {
    callId,
    transportId: transports.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  }));
  await bob.next('producerAdded');
  await alice.next('participantJoined');
  await alice.next('callStateChanged');
});

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

/** The raw acknowledgement with that prefix. */
function answerTo(prefix: string): Promise<string> {
  return new Promise((resolve) => {
    mallory.socket.io.engine.on('data', (data: string) => {
      if (data.startsWith(prefix)) {
        resolve(data);
      }
    });
  });
}

/** What the media has to say by itself. */
const ofMedia: ReadonlySet<string> = new Set(['consumersAdded', 'encodingsWanted']);

/** Whatever was done, the neighbours' call must work and must have heard of nothing. */
async function expectCallUntouched(): Promise<void> {
  await alice.request('pauseProducer', { callId, producerId });
  expect(await bob.next('producerPaused')).toMatchObject({ callId, producerId });
  await alice.request('resumeProducer', { callId, producerId });
  expect(await bob.next('producerResumed')).toMatchObject({ callId, producerId });
  const heard = [...alice.unread, ...bob.unread].filter((name) => !ofMedia.has(name));
  expect(heard).toEqual([]);
}

describe('a request that is malformed', () => {
  const malformed: [string, unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a string', 'leaveCall'],
    ['an array', [{ name: 'leaveCall' }]],
    ['no name', { data: {} }],
    ['a name that is no string', { name: 7, data: {} }],
    ['an unknown name', { name: 'destroyEverything', data: {} }],
    ['a name every object has', { name: 'constructor', data: {} }],
    ['the prototype for a name', { name: '__proto__', data: {} }],
    ['no data', { name: 'leaveCall' }],
    ['data of another type', { name: 'leaveCall', data: 'all' }],
    ['an id that is no string', { name: 'leaveCall', data: { callId: { $ne: null } } }],
    ['an id that is too long', { name: 'leaveCall', data: { callId: 'a'.repeat(65) } }],
    ['an id with a slash', { name: 'leaveCall', data: { callId: '../../x' } }],
    ['too many callees', { name: 'startCall', data: { callees: Array(51).fill('bob'), media: {} } }],
  ];

  for (const [title, request] of malformed) {
    it(`is answered invalid_request and touches nobody else: ${title}`, async () => {
      expect(await mallory.refusal(request)).toBe('invalid_request');
      expect(mallory.socket.connected).toBe(true);
      await expectCallUntouched();
    });
  }

  it('is answered payload_too_large when it is, or is nested without end', async () => {
    const large = { name: 'leaveCall', data: { callId: 'x'.repeat(maxRequestBytes) } };
    expect(await mallory.refusal(large)).toBe('payload_too_large');
    // By hand, since the client library itself cannot write it down.
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    mallory.socket.io.engine.write(`2999["request",{"name":"leaveCall","data":${deep}}]`);
    expect(await answerTo('3999')).toMatch(/payload_too_large|invalid_request/);
    await expectCallUntouched();
  });

  it('without a way to answer is ignored', async () => {
    mallory.socket.emit('request', { name: 'leaveCall', data: { callId } });
    mallory.socket.emit('request');
    mallory.socket.emit('request', 1, 2, 3);
    mallory.socket.emit('notification', { name: 'callEnded', data: { callId, reason: 'hangup' } });
    expect(await mallory.refusal({ name: 'leaveCall', data: { callId } })).toBe('call_not_found');
    await expectCallUntouched();
  });

  it('closes only its own socket when the frame is larger than the transport takes', async () => {
    const careless = await sfu.connect('careless');
    careless.socket.emit('request', 'x'.repeat(300 * 1024));
    await careless.disconnected();
    await expectCallUntouched();
  });

  it('closes only its own socket when it speaks of something attached, as often as it may', async () => {
    const careless = await sfu.connect('careless');
    const attached = JSON.stringify(Array.from({ length: 700 }, () => ({ _placeholder: true, num: 0 })));
    careless.socket.io.engine.write(`451-7777["request",{"name":"leaveCall","data":${attached}}]`);
    await careless.disconnected();
    await expectCallUntouched();
  });

  it('closes only its own socket when frames that are no events come without end', async () => {
    const careless = await sfu.connect('careless');
    for (let frame = 0; frame < 200; frame += 1) {
      careless.socket.io.engine.write(`40/namespace${frame},`);
    }
    await careless.disconnected();
    await expectCallUntouched();
  });

  it('is not answered when it is a ping, which no browser sends', async () => {
    const careless = await sfu.connect('careless');
    const { transport } = careless.socket.io.engine as unknown as { transport: { ws: WebSocket } };
    let pongs = 0;
    transport.ws.on('pong', () => (pongs += 1));
    transport.ws.ping();
    await careless.refusal({ name: 'leaveCall', data: { callId } });

    expect(pongs).toBe(0);
  });

  it('closes only its own socket when it is not even a packet', async () => {
    const careless = await sfu.connect('careless');
    careless.socket.io.engine.write('4garbage');
    await careless.disconnected();
    await expectCallUntouched();
  });
});

describe('a request for a call one is not in', () => {
  const media = { rtpCapabilities: {}, dtlsFingerprints: [{ algorithm: 'sha-256', value: 'AA:BB' }] };
  /** What a request holds beside the call, as its schema wants it. */
  const rest: Partial<Record<RequestName, object>> = {
    joinCall: { media },
    acceptCall: { media },
    produce: { transportId: 't', source: 'camera', rtpParameters: opusParameters(), paused: false },
    pauseProducer: { producerId: 'p' },
    resumeProducer: { producerId: 'p' },
    closeProducer: { producerId: 'p' },
    resizeProducer: { producerId: 'p', size: { width: 1, height: 1 } },
    consume: { producerIds: ['p'] },
    resumeConsumers: { consumerIds: ['c'] },
    pauseConsumers: { consumerIds: ['c'] },
    closeConsumers: { consumerIds: ['c'] },
    setViewports: { viewports: [{ consumerId: 'c', width: 1, height: 1 }] },
    setMaxReceiveBitrate: { maxBitrate: 500_000 },
    produceData: { transportId: 't', channel: 'ordered', sctpStreamParameters: { streamId: 1 } },
    addParticipants: { callees: ['carol'] },
    cancelRinging: { participantId: 'p' },
    removeParticipant: { participantId: 'p' },
    changeRole: { participantId: 'p', role: 'attendee' },
    admitParticipants: { participantIds: ['p'] },
    denyParticipants: { participantIds: ['p'] },
    sendReaction: { reaction: 'applause' },
    setSpotlight: { participantIds: [] },
    setCustomData: { items: {} },
    sendChat: { text: 'hello' },
    submitSurvey: { participantId: 'p', survey: { rating: 5 } },
  };
  const probing: readonly RequestName[] = ['startProbe', 'loopBack', 'endProbe'];
  const others: readonly RequestName[] = ['startCall', 'joinRoom', 'resume', 'refreshToken', ...probing];

  for (const name of requestNames.filter((each) => !others.includes(each))) {
    it(`is answered as if there were none: ${name}`, async () => {
      const request = { name, data: { ...rest[name], callId } };
      const fictitious = { name, data: { ...rest[name], callId: 'no-such-call' } };
      // One of their own: all of these together are more than one connection may ask for.
      const stranger = await sfu.connect(`stranger-${name}`);
      const [answer, reference] = [await stranger.send(request), await stranger.send(fictitious)];

      expect(answer).toMatchObject({ ok: false, error: { code: 'call_not_found' } });
      expect(answer).toEqual(reference);
      await expectCallUntouched();
    });
  }

  it('cannot be made for a neighbour within the call either', async () => {
    const ofAlice = { callId, producerId };

    for (const name of ['pauseProducer', 'resumeProducer', 'closeProducer']) {
      expect(await bob.refusal({ name, data: ofAlice })).toBe('not_found');
    }
    await expectCallUntouched();
  });
});

describe('a client that floods', () => {
  it.each(['request', 'gossip'])('with %s that ask for no answer is shown out', async (event) => {
    const { socket } = await sfu.connect('shouter');
    const closed = new Promise((resolve) => socket.once('disconnect', resolve));

    for (let count = 0; count < 400; count += 1) {
      socket.emit(event as 'request', 'x'.repeat(1000));
    }

    await closed;
    await expectCallUntouched();
  });

  it('may send four times the rate of its application at once', async () => {
    await sfu.putApplication({ limits: limitsWith({ signalingRequestsPerSecond: 2 }) });
    const patient = await sfu.connect('patient');
    await sfu.putApplication({});
    const request = { name: 'leaveCall', data: { callId: 'none' } };
    const codes = await Promise.all(Array.from({ length: 20 }, () => patient.refusal(request)));

    expect(codes.slice(0, 8)).toEqual(Array(8).fill('call_not_found'));
    expect(codes.at(-1)).toBe('too_many_requests');
  });

  it('may send twice that by twenty devices of one user together', async () => {
    await sfu.putApplication({ limits: limitsWith({ signalingRequestsPerSecond: 2 }) });
    const devices = await Promise.all(Array.from({ length: 20 }, () => sfu.connect('many')));
    await sfu.putApplication({});
    const request = { name: 'leaveCall', data: { callId: 'none' } };
    const beganAtMs = Date.now();
    const codes = await Promise.all(
      devices.flatMap((device) => Array.from({ length: 8 }, () => device.refusal(request))),
    );
    const mayHaveCome = 4 * (4 + Math.ceil((Date.now() - beganAtMs) / 1000));

    const answered = codes.filter((code) => code === 'call_not_found').length;
    expect(answered).toBeGreaterThanOrEqual(16);
    expect(answered).toBeLessThanOrEqual(mayHaveCome);
  });

  it('with large frames is told so and shown out before they are parsed, also when it connects anew', async () => {
    const parse = vi.spyOn(JSON, 'parse');
    const flood = async ({ socket }: TestClient): Promise<string[]> => {
      const codes: string[] = [];
      const closed = new Promise((resolve) => socket.once('disconnect', resolve));
      const ended = new Promise<string>((resolve) =>
        socket.on('notification', ({ name, data }) => name === 'sessionEnded' && resolve(data.code)),
      );
      const filler = `[${Array(60_000).fill('[0]').join(',')}]`;
      for (let id = 1_000; id < 1_100; id += 1) {
        socket.io.engine.write(`2${id}["request",{"name":"x","data":${filler}}]`);
      }
      socket.io.engine.on('data', (data: string) => {
        const code = /^3\d+\[.*"code":"(\w+)"/.exec(data)?.[1];
        codes.push(...(code === undefined ? [] : [code]));
      });
      await closed;

      return [...codes, `ended: ${await ended}`];
    };

    const codes = await flood(await sfu.connect('giant'));
    const again = await flood(await sfu.connect('giant'));
    const longest = Math.max(0, ...parse.mock.calls.map(([text]) => text.length));
    parse.mockRestore();

    expect(codes.slice(0, 3)).toEqual(Array(3).fill('payload_too_large'));
    expect(codes.slice(3, -1).every((code) => code === 'too_many_requests')).toBe(true);
    expect(codes.at(-1)).toBe('ended: too_many_requests');
    expect(codes.length).toBeLessThan(30);
    expect(again.length).toBeLessThan(6);
    expect(again.at(-1)).toBe('ended: too_many_requests');
    expect(longest).toBeLessThan(maxRequestBytes);
    await expectCallUntouched();
  });

  it('cannot send large frames before it has shown who it is', async () => {
    const parse = vi.spyOn(JSON, 'parse');
    const address = new URL(`${signalingPath}/?EIO=4&transport=websocket`, sfu.url.replace('http', 'ws'));
    const stranger = new globalThis.WebSocket(address);
    await once(stranger, 'open');
    stranger.send(`40/nowhere,{"a":[${Array(60_000).fill('[0]').join(',')}]}`);
    await once(stranger, 'close');

    const longest = Math.max(0, ...parse.mock.calls.map(([text]) => text.length));
    parse.mockRestore();
    expect(longest).toBeLessThan(maxHandshakeBytes);
  });

  it('is told when to come back, and the neighbours notice nothing', async () => {
    const flooder = await sfu.connect('flooder');
    const request = { name: 'leaveCall', data: { callId: 'none' } };
    const answers = await Promise.all(Array.from({ length: 500 }, () => flooder.send(request)));
    const refused = answers.filter((answer) => !answer.ok && answer.error.code === 'too_many_requests');

    expect(refused.length).toBeGreaterThan(100);
    expect(refused[0]).toMatchObject({ error: { retryable: true, retryAfterSeconds: expect.any(Number) } });
    await expectCallUntouched();
  });
});

it('what a client sends before it is welcomed waits for that', async () => {
  const token = await sfu.token('hasty');
  const hasty = await TestClient.connect(sfu.url, token);
  const code = await hasty.refusal({ name: 'leaveCall', data: { callId } });

  expect(code).toBe('call_not_found');
  expect(hasty.unread).toEqual(['welcomed']);
  hasty.socket.disconnect();
});
