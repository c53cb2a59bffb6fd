import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestClient } from './support/TestClient.ts';
import { startTestSfu, type TestSfu } from './support/testSfu.ts';

let sfu: TestSfu;
let clients: TestClient[] = [];

beforeAll(async () => {
  sfu = await startTestSfu();
});

afterEach(async () => {
  clients.forEach(({ socket }) => socket.disconnect());
  clients = [];
});

afterAll(async () => {
  await sfu[Symbol.asyncDispose]();
});

let users = 0;

/** A user of their own for each test: the sockets of the last one close in their own time. */
async function connect(userId: string): Promise<TestClient> {
  const client = await sfu.connect(userId);
  clients.push(client);

  return client;
}

async function pair(): Promise<{ alice: TestClient; bob: TestClient; bobsId: string }> {
  users += 1;
  const bobsId = `bob-${users}`;
  const [alice, bob] = await Promise.all([connect(`alice-${users}`), connect(bobsId)]);

  return { alice, bob, bobsId };
}

describe('a call between two sockets', () => {
  it('rings, is accepted, connects both and ends for both', async () => {
    const { alice, bob, bobsId } = await pair();
    const started = await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    const { callId, caller, kind } = await bob.next('incomingCall');
    expect({ callId, caller, kind }).toEqual({
      callId: started.call.id,
      caller: (await alice.welcome()).identity,
      kind: 'direct',
    });

    const accepted = await bob.enter('acceptCall', { callId, media: await bob.offer() });
    expect(accepted.call.participants.map(({ state }) => state)).toEqual(['connected', 'connected']);
    expect(await alice.next('participantJoined')).toMatchObject({
      participant: { id: accepted.participantId, state: 'connected' },
    });
    expect(await alice.next('callStateChanged')).toEqual({ callId, state: 'connected' });

    await bob.request('leaveCall', { callId });
    expect(await alice.next('callEnded')).toEqual({ callId, reason: 'hangup' });
    expect(await bob.refusal({ name: 'leaveCall', data: { callId } })).toBe('call_not_found');
    expect(bob.unread).toEqual([]);
  });

  it('gives both ends transports with UDP and TCP candidates on the port of the worker', async () => {
    const { alice, bob, bobsId } = await pair();
    const started = await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    const { callId } = await bob.next('incomingCall');
    const accepted = await bob.enter('acceptCall', { callId, media: await bob.offer() });
    const transports = [started, accepted].flatMap(({ media }) => [
      media.sendTransport,
      media.receiveTransport,
    ]);
    const [{ port } = expect.fail()] = sfu.sfu.listWorkers();

    expect(new Set(transports.map(({ id }) => id)).size).toBe(4);
    for (const transport of transports) {
      const [udp, tcp] = transport.iceCandidates;
      expect(udp).toMatchObject({ protocol: 'udp', ip: '127.0.0.1', port });
      expect(tcp).toMatchObject({ protocol: 'tcp', ip: '127.0.0.1', port, tcpType: 'passive' });
      // The client opens the DTLS association, so the server's end is settled before any packet.
      expect(transport.dtlsParameters.role).toBe('server');
    }
  });

  it('is told as declined', async () => {
    const { alice, bob, bobsId } = await pair();
    await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    const { callId } = await bob.next('incomingCall');
    await bob.request('rejectCall', { callId });

    expect(await alice.next('callEnded')).toEqual({ callId, reason: 'declined' });
  });

  it('is told as answered by nobody when the ringing timeout is over', async () => {
    await using impatient = await startTestSfu({ callSettings: { ringingTimeoutSeconds: 5 } });
    const [alice, bob] = [await impatient.connect('alice'), await impatient.connect('bob')];
    await alice.enter('startCall', { callees: ['bob'], media: await alice.offer() });
    const { callId } = await bob.next('incomingCall');

    expect(await bob.next('incomingCallEnded')).toEqual({ callId, reason: 'no_answer' });
    expect(await alice.next('callEnded')).toEqual({ callId, reason: 'no_answer' });
  });

  it('rings for a page that is reloaded', async () => {
    const { alice, bob, bobsId } = await pair();
    await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    const incoming = await bob.next('incomingCall');
    bob.socket.disconnect();
    const reloaded = await connect(bobsId);

    expect(await reloaded.next('incomingCall')).toEqual(incoming);
    const { callId } = incoming;
    const accepted = await reloaded.enter('acceptCall', { callId, media: await reloaded.offer() });
    expect(accepted.call.state).toBe('connected');
    expect(alice.unread).not.toContain('callEnded');
  });

  it('is refused while the callee is offline, busy or unknown', async () => {
    const { alice, bob, bobsId } = await pair();
    const media = await alice.offer();
    const settings = { whenBusy: 'refuse' };
    const refusal = () => alice.refusal({ name: 'startCall', data: { callees: [bobsId], media, settings } });
    const room = { roomId: `room-${users}` };
    await sfu.putRoom(room);
    const { call } = await bob.enter('joinRoom', { ...room, media: await bob.offer() });
    expect(await refusal()).toBe('callee_busy');
    await bob.request('leaveCall', { callId: call.id });

    const gone = `gone-${users}`;
    await sfu.backplane.admission.putUser({
      applicationId: 'app-1',
      userId: gone,
      displayName: gone,
      phoneNumbers: [],
    });
    expect(await alice.refusal({ name: 'startCall', data: { callees: [gone], media } })).toBe(
      'callee_offline',
    );
    expect(await alice.refusal({ name: 'startCall', data: { callees: ['nobody'], media } })).toBe(
      'callee_not_found',
    );
  });

  it('ends with connection_lost when the socket of one is gone for as long as the call waits', async () => {
    const { alice, bob, bobsId } = await pair();
    const settings = { reconnectSeconds: 5 };
    await alice.enter('startCall', { callees: [bobsId], media: await alice.offer(), settings });
    const { callId } = await bob.next('incomingCall');
    await bob.enter('acceptCall', { callId, media: await bob.offer() });
    bob.socket.disconnect();

    expect(await alice.next('participantStateChanged')).toMatchObject({ callId, state: 'reconnecting' });
    expect(await alice.next('callEnded')).toEqual({ callId, reason: 'connection_lost' });
  });

  it('becomes a group call when somebody is added, and goes on when one of the first two leaves', async () => {
    const { alice, bob, bobsId } = await pair();
    const carol = await connect(`carol-${users}`);
    await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    const { callId } = await bob.next('incomingCall');
    await bob.enter('acceptCall', { callId, media: await bob.offer() });
    const { added } = await alice.request('addParticipants', { callId, callees: [`carol-${users}`] });
    await carol.next('incomingCall');
    const joined = await carol.enter('acceptCall', { callId, media: await carol.offer() });

    expect(added).toEqual([{ userId: `carol-${users}`, participantId: joined.participantId }]);
    expect(await bob.next('callKindChanged')).toEqual({ callId, kind: 'group' });
    await alice.request('leaveCall', { callId });
    expect(await bob.next('participantLeft')).toMatchObject({ callId, reason: 'hangup' });
    expect([bob.unread, carol.unread].flat()).not.toContain('callEnded');
  });

  it('is put on hold by its callee who accepts another one', async () => {
    const { alice, bob, bobsId } = await pair();
    const carol = await connect(`carol-${users}`);
    await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    const { callId } = await bob.next('incomingCall');
    const { participantId } = await bob.enter('acceptCall', { callId, media: await bob.offer() });
    await carol.enter('startCall', { callees: [bobsId], media: await carol.offer() });
    const second = await bob.next('incomingCall');
    await bob.enter('acceptCall', { callId: second.callId, media: await bob.offer() });

    expect(await alice.next('holdChanged')).toEqual({ callId, participantId, isOnHold: true });
    await bob.request('unholdCall', { callId });
    expect(await alice.next('holdChanged')).toEqual({ callId, participantId, isOnHold: false });
  });

  it('can be ended for everyone by the caller, and not by the callee', async () => {
    const { alice, bob, bobsId } = await pair();
    await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    const { callId } = await bob.next('incomingCall');
    await bob.enter('acceptCall', { callId, media: await bob.offer() });

    expect(await bob.refusal({ name: 'endCall', data: { callId } })).toBe('forbidden');
    await alice.request('endCall', { callId });
    const ended = { callId, reason: 'ended_for_everyone' };
    expect(await Promise.all([alice.next('callEnded'), bob.next('callEnded')])).toEqual([ended, ended]);
  });

  it('answers a request before it tells what the request has caused', async () => {
    const { alice, bob, bobsId } = await pair();
    const { call } = await alice.enter('startCall', { callees: [bobsId], media: await alice.offer() });
    await bob.next('incomingCall');
    const arrived: string[] = [];
    // Engine.IO's data is a packet of Socket.IO: 2 is an event, 3 an acknowledgement.
    alice.socket.io.engine.on('data', (packet: string) => arrived.push(packet.slice(0, 1)));
    await alice.request('endCall', { callId: call.id });
    await alice.next('callEnded');

    expect(arrived).toEqual(['3', '2']);
  });
});
