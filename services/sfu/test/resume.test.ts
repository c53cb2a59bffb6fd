import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IceServer, Joined, RequestAnswer } from '@parley/protocol';
import { opusParameters } from './support/rtpParameters.ts';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;
let alice: TestClient;
let bob: TestClient;
let joined: Joined;

beforeEach(async () => {
  sfu = await startTestSfu({
    turn: { urls: ['turn:turn.example:3478'], secret: 'x'.repeat(32), ttlSeconds: 300 },
  });
  await sfu.putRoom({ roomId: 'room' });
  alice = await sfu.connect('alice');
  bob = await sfu.connect('bob');
  await alice.enter('joinRoom', { roomId: 'room', media: await alice.offer() });
  joined = await bob.enter('joinRoom', { roomId: 'room', media: await bob.offer() });
  await alice.next('participantJoined');
});

afterEach(async () => {
  await sfu[Symbol.asyncDispose]();
});

/** Bob comes back with another socket. */
async function resume(
  sequence = bob.sequenceOf(joined.call.id) || joined.sequence,
): Promise<{ client: TestClient; answer: RequestAnswer<'resume'> }> {
  const client = await sfu.connect('bob', { clientId: bob.clientId });
  const { call, resumeToken } = joined;

  return { client, answer: await client.request('resume', { callId: call.id, resumeToken, sequence }) };
}

function produce(client: TestClient, requestId?: string): Promise<{ producerId: string }> {
  const microphone = {
    callId: joined.call.id,
    transportId: joined.media.sendTransport.id,
    source: 'microphone',
    rtpParameters: opusParameters(),
    paused: false,
  } as const;

  return client.request('produce', microphone, requestId);
}

/** When the credential opens no allocation any more, in seconds. */
const expiryOf = ([server]: readonly IceServer[]): number => Number(server?.username?.split(':')[0]);

describe('a socket that is lost', () => {
  it('leaves transports and producers as they were, for whoever comes back with another', async () => {
    const { producerId } = await produce(bob);
    await alice.next('producerAdded');
    bob.drop();
    expect(await alice.next('participantStateChanged')).toMatchObject({ state: 'reconnecting' });

    const { client, answer } = await resume();
    expect(await alice.next('participantStateChanged')).toMatchObject({ state: 'connected' });
    expect(answer).toMatchObject({ action: 'resume', missed: [] });
    const callId = joined.call.id;
    await client.request('pauseProducer', { callId, producerId });
    expect(await alice.next('producerPaused')).toMatchObject({ producerId });
    expect(alice.unread).not.toContain('participantLeft');
    expect(alice.unread).not.toContain('participantJoined');
  });

  it('is made up for: new ICE credentials, fresh servers, and all that was told meanwhile', async () => {
    bob.drop();
    await alice.next('participantStateChanged');
    await alice.request('raiseHand', { callId: joined.call.id });
    const { client, answer } = await resume();

    expect(answer).toMatchObject({ action: 'resume', missed: [{ name: 'handRaised' }] });
    const { ice, iceServers, resumeToken } = answer as Extract<typeof answer, { action: 'resume' }>;
    expect(ice.sendIceParameters).not.toEqual(joined.media.sendTransport.iceParameters);
    expect(ice.receiveIceParameters).not.toEqual(joined.media.receiveTransport.iceParameters);
    expect(iceServers[0]?.credential).toBeTypeOf('string');
    expect(resumeToken).not.toBe(joined.resumeToken);

    const restarted = await client.request('restartIce', { callId: joined.call.id });
    expect(restarted.iceServers[0]?.credential).toBeTypeOf('string');
    expect(restarted.ice.sendIceParameters).not.toEqual(ice.sendIceParameters);
  });

  it('is made up for with credentials of that moment, whatever the answer is', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await sfu.putRoom({ roomId: 'guarded', lobby: true, roster: { alice: 'presenter' } });
      const { call } = await alice.enter('joinRoom', { roomId: 'guarded', media: await alice.offer() });
      const { id: callId } = call;
      const expiries = [expiryOf((await bob.welcome()).iceServers)];
      let present = await bob.request('joinRoom', { roomId: 'guarded', media: await bob.offer() });
      let client = bob;
      const later = (): unknown => vi.setSystemTime(Date.now() + 10_000);
      const comeBack = async (action: 'lobby' | 'rejoin' | 'resume'): Promise<void> => {
        later();
        client = await sfu.connect('bob', { clientId: bob.clientId });
        const { resumeToken, sequence } = present as { resumeToken: string; sequence: number };
        const answer = await client.request('resume', { callId, resumeToken, sequence });
        expect(answer.action).toBe(action);
        present = { ...present, ...answer } as typeof present;
        expiries.push(expiryOf((answer as { iceServers: IceServer[] }).iceServers));
      };

      await comeBack('lobby');
      const [waiting] = (await alice.next('lobbyChanged')).lobby;
      await alice.request('admitParticipants', { callId, participantIds: [waiting?.participantId ?? ''] });
      await comeBack('rejoin');
      await comeBack('resume');
      later();
      expiries.push(expiryOf((await client.request('restartIce', { callId })).iceServers));
      later();
      expiries.push(expiryOf((await (await sfu.connect('bob')).welcome()).iceServers));

      const between = expiries.slice(1).map((expiry, index) => expiry - (expiries[index] ?? 0));
      expect(between).toHaveLength(5);
      expect(Math.min(...between)).toBeGreaterThanOrEqual(10);
    } finally {
      vi.useRealTimers();
    }
  });

  it('need not be noticed: who comes back takes the place over, and the dead one loses it', async () => {
    const { client, answer } = await resume();
    expect(answer).toMatchObject({ action: 'resume' });
    bob.drop();
    await bob.disconnected();

    const callId = joined.call.id;
    await alice.request('raiseHand', { callId });
    await client.next('handRaised');
    expect(alice.unread).not.toContain('participantStateChanged');
  });

  it('is no way for anybody else to the place', async () => {
    const { call, resumeToken, sequence } = joined;
    const request = { callId: call.id, resumeToken, sequence };
    const mallory = await sfu.connect('mallory');

    expect(await mallory.request('resume', request)).toEqual({ action: 'stop', reason: 'connection_lost' });
    expect(await mallory.refusal({ name: 'getSnapshot', data: { callId: call.id } })).toBe('call_not_found');
  });
});

describe('a client that cannot be told what it has missed', () => {
  it('is told of all its media as it is, the consumers under the ids they have', async () => {
    const { producerId } = await produce(bob);
    const { consumers } = await alice.next('consumersAdded');
    const snapshot = await alice.request('getSnapshot', { callId: joined.call.id });

    expect(snapshot.media?.consumers).toEqual(consumers);
    // A number that was never given: nothing that is kept makes up for it.
    const { answer } = await resume(joined.sequence + 1_000);
    expect(answer).toMatchObject({
      action: 'resume',
      missed: [],
      snapshot: {
        call: { participants: [{}, { producers: [{ id: producerId }] }] },
        media: { consumers: [], receiveTransport: { id: joined.media.receiveTransport.id } },
      },
    });
    expect(alice.unread).not.toContain('consumersAdded');
  });
});

describe('a request that is sent again', () => {
  it('by another socket of the client is answered the same, and done once', async () => {
    const first = await produce(bob, 'request-1');
    bob.drop();
    const { client } = await resume();

    expect(await produce(client, 'request-1')).toEqual(first);
    await expect(produce(client)).rejects.toThrow('invalid_state');
  });

  it('to enter a call is answered with the place that was made, as it is by then', async () => {
    await sfu.putRoom({ roomId: 'other' });
    const data = { roomId: 'other', media: await bob.offer() };
    const first = await bob.enter('joinRoom', data, 'join-1');
    const carol = await sfu.connect('carol');
    await carol.enter('joinRoom', { roomId: 'other', media: await carol.offer() });
    bob.drop();
    await carol.next('participantStateChanged');

    const again = await sfu.connect('bob', { clientId: bob.clientId });
    const second = await again.enter('joinRoom', data, 'join-1');
    expect(second.participantId).toBe(first.participantId);
    expect(second.call.participants).toHaveLength(2);
    const { resumeToken, sequence, call } = second;
    const resumed = await again.request('resume', { callId: call.id, resumeToken, sequence });
    expect(resumed).toMatchObject({ action: 'resume', missed: [] });
  });

  it('by another client, be it of the same user, is another request', async () => {
    await sfu.putRoom({ roomId: 'other' });
    const tablet = await sfu.connect('bob');
    const enter = async (client: TestClient) =>
      client.enter('joinRoom', { roomId: 'other', media: await client.offer() }, 'join-1');
    const [one, other] = [await enter(bob), await enter(tablet)];

    expect(other.participantId).not.toBe(one.participantId);
  });
});

it('no resume token reaches the log', async () => {
  bob.drop();
  const { answer } = await resume();
  const { resumeToken } = answer as Extract<typeof answer, { action: 'resume' }>;

  expect(sfu.log.length).toBeGreaterThan(0);
  expect(
    sfu.log.filter((line) => [resumeToken, joined.resumeToken].some((token) => line.includes(token))),
  ).toEqual([]);
});

describe('a gap in the numbers', () => {
  it('is closed by a snapshot that says up to where it goes', async () => {
    const callId = joined.call.id;
    await alice.request('raiseHand', { callId });
    await bob.next('handRaised');
    const { sequence, call } = await bob.request('getSnapshot', { callId });

    expect(sequence).toBe(bob.sequenceOf(callId));
    expect(call.participants.map(({ handRaisedAtMs }) => typeof handRaisedAtMs)).toEqual([
      'number',
      'undefined',
    ]);
  });
});
