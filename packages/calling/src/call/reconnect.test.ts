import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { comingsOf, statesOf } from '../testing/chronicles.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined, participant } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn, passInSteps } from '../testing/testClient.ts';

const graceMs = 32_000;
const callId = 'call-1';

describe('a lost connection', () => {
  it('is made again at once, and the call goes on in its place with what was missed', async () => {
    const { call, server, media } = await connectedCall();
    const [states, comings] = [statesOf(call), comingsOf(call)];
    const [bob] = call.remoteParticipants;

    server.drop();
    expect(call.state).toBe('Reconnecting');
    server.notify('participantStateChanged', { callId, participantId: 'bob-1', state: 'reconnecting' });
    server.notify('participantJoined', { callId, participant: participant('carol') });
    await nextTurn();

    expect(states).toEqual(['Reconnecting', 'Connected']);
    expect(comings).toEqual(['+carol-1']);
    expect(bob?.state).toBe('Reconnecting');
    expect(server.asked('resume')).toEqual([{ callId, resumeToken: 'resume-token-0001', sequence: 0 }]);
    expect(media.sessions).toHaveLength(1);
    expect(media.session.isClosed).toBe(false);
  });

  it('names the places to be resumed, each time by the token of the answer before', async () => {
    const { server, clock } = await connectedCall();

    for (const _ of [1, 2, 3]) {
      server.drop();
      await nextTurn();
      clock.pass(5_000);
      await nextTurn();
    }

    expect(server.connections.map(({ auth }) => auth.resumeTokens)).toEqual([
      undefined,
      ['resume-token-0001'],
      ['resume-token-1-of-call-1'],
      ['resume-token-2-of-call-1'],
    ]);
    const [first, ...others] = server.connections.map(({ auth }) => auth.clientId);
    expect(others).toEqual([first, first, first]);
  });

  it('restarts ICE with the fresh servers of the answer', async () => {
    const { server, media } = await connectedCall();

    server.drop();
    await nextTurn();

    expect(media.session.restarts).toEqual([[{ urls: ['turn:resume.example'] }]]);
  });

  it('holds what is asked until the place is resumed, and asks in order', async () => {
    const { call, server } = await connectedCall();
    server.drop();

    const held = [call.mute(), call.startVideo(), call.hold()];
    await nextTurn();
    await Promise.all(held);

    const names = server.requests.map(({ name }) => name);
    const afterLoss = names.slice(names.indexOf('resume'));
    expect(afterLoss[0]).toBe('resume');
    expect(afterLoss).toEqual(expect.arrayContaining(['pauseProducer', 'produce', 'holdCall']));
  });

  it('has a request whose answer was lost carried out once', async () => {
    const { call, server } = await connectedCall();
    server.isMute = true;
    const muted = call.mute();
    await server.whenAsked('pauseProducer');

    server.isMute = false;
    server.drop();
    await muted;

    expect(server.asked('pauseProducer')).toHaveLength(1);
  });

  it('that nothing arrives over any more loses no request: it is given up for another, over which they are made', async () => {
    const { call, server, clock, media } = await connectedCall();
    await call.startVideo();
    server.isDeaf = true;
    const stopped = Promise.all([call.stopVideo(), call.mute()]);
    await nextTurn();
    expect(media.session.sentFrom('camera')?.state).toBe('closed');

    clock.pass(9_999);
    expect(server.connections).toHaveLength(1);
    server.isDeaf = false;
    clock.pass(1);
    await stopped;

    expect(server.connections).toHaveLength(2);
    expect(server.asked('closeProducer')).toEqual([{ callId, producerId: 'own-camera' }]);
    expect(server.asked('pauseProducer')).toEqual([{ callId, producerId: 'own-microphone' }]);
    expect(call.state).toBe('Connected');
  });

  it('builds the media anew when the server says so, under the ids it had', async () => {
    const { call, server, media, clock } = await connectedCall();
    const comings = comingsOf(call);
    server.on('resume', (data) => {
      const { ice: _, ...rest } = server.resumed(data);

      return { ...rest, action: 'rejoin', media: joined('room', 'connected').media };
    });
    const [before] = media.sessions;

    server.drop();
    await nextTurn();

    expect(call.state).toBe('Connected');
    clock.pass(2_000);
    expect(before?.isClosed).toBe(true);
    expect(media.sessions).toHaveLength(2);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
    expect(comings).toEqual([]);
  });

  it('sends again also what a server that was killed has not kept', async () => {
    const { call, server, media, devices } = await connectedCall();
    const { call: kept, media: rebuilt } = joined('room', 'connected');
    server.on('resume', (data) => {
      const { ice: _, ...rest } = server.resumed(data);
      const sequence = server.sequenceOf();

      return { ...rest, action: 'rejoin', media: rebuilt, snapshot: { sequence, call: kept } };
    });

    server.drop();
    await nextTurn();

    expect(kept.participants.flatMap(({ producers }) => producers)).toEqual([]);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
    expect([call.isMuted, devices.liveTracks.length]).toEqual([false, 1]);
  });

  it('ends the call for the reason the server gives when the place is gone, and leaves no timer', async () => {
    const { call, server, clock } = await connectedCall();
    server.on('resume', () => ({ action: 'stop', reason: 'removed' }));

    server.drop();
    await nextTurn();

    expect(call.callEndReason?.name).toBe('removed');
    expect(server.asked('leaveCall')).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('ends the call with connection_lost when it does not come back for as long as the place is kept', async () => {
    const { call, server, clock, devices } = await connectedCall();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();

    clock.pass(graceMs - 1);
    await nextTurn();
    expect(call.state).toBe('Reconnecting');
    clock.pass(1);

    expect(call.callEndReason?.name).toBe('connection_lost');
    expect(devices.liveTracks).toEqual([]);
  });

  it('that falls silent over the resuming is given up for another', async () => {
    const { call, server, clock } = await connectedCall();
    server.isDeaf = true;
    server.drop();
    await nextTurn();
    expect(server.connections).toHaveLength(2);

    server.isDeaf = false;
    clock.pass(5_000);
    await nextTurn();

    expect(server.connections).toHaveLength(3);
    expect(call.state).toBe('Connected');
  });

  it('is resumed later when the server cannot answer at once, no earlier than it says', async () => {
    const { call, server, clock } = await connectedCall();
    let answers = 0;
    server.on('resume', (data) => {
      answers += 1;
      if (answers === 1) {
        throw new CallError('too_many_requests', 'Wait.', { retryAfterSeconds: 2 });
      }

      return server.resumed(data);
    });
    server.drop();
    await nextTurn();
    clock.pass(1_999);
    await nextTurn();
    expect(call.state).toBe('Reconnecting');
    expect(answers).toBe(1);

    clock.pass(1);
    await nextTurn();

    expect(call.state).toBe('Connected');
    expect(server.connections).toHaveLength(2);
  });

  it('is tried again at once when the network has changed', async () => {
    const { call, server, network } = await connectedCall();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();

    server.refusal = undefined;
    network.change();
    await nextTurn();

    expect(call.state).toBe('Connected');
  });

  it('is tried soon when the network has changed and is not there yet', async () => {
    const { call, server, network, clock } = await connectedCall();
    server.refusal = new CallError('unavailable');
    server.drop();
    for (const delayMs of [300, 1_200, 2_700]) {
      await nextTurn();
      clock.pass(delayMs);
    }
    await nextTurn();

    network.change();
    await nextTurn();
    server.refusal = undefined;
    clock.pass(300);
    await nextTurn();

    expect(call.state).toBe('Connected');
  });

  it('while the call is entered has the request made again, and the place resumed that the answer names', async () => {
    const { client, server } = await createTestClient();
    server.isMute = true;
    const call = client.join({ roomId: 'room-1' });
    const states = statesOf(call);
    await server.whenAsked('joinRoom');

    server.isMute = false;
    server.drop();
    await nextTurn();

    expect(server.asked('joinRoom')).toHaveLength(1);
    expect(server.asked('resume')).toHaveLength(1);
    expect(states).toEqual(['Connecting', 'Connected', 'Reconnecting', 'Connected']);
  });

  it('ends every call at once when the session was revoked', async () => {
    const { call, server, client, clock } = await connectedCall();

    server.notify('sessionEnded', { code: 'token_revoked', message: 'The token was revoked.' });

    expect(call.callEndReason?.name).toBe('unauthenticated');
    expect(client.connectionState).toBe('Disconnected');
    expect(clock.pending).toBe(0);
  });

  it('for good ends a call that is begun afterwards for the reason it ended for', async () => {
    const { client, server } = await connectedCall();
    server.notify('sessionEnded', { code: 'token_revoked', message: 'The token was revoked.' });

    const call = client.join({ roomId: 'room-2' });
    await nextTurn();

    expect(call).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'unauthenticated' } });
  });
});

describe('hanging up while the connection is lost', () => {
  it('ends the call here after a while, and there when the server can be told', async () => {
    const { call, server, clock, devices } = await connectedCall();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();

    const hungUp = call.hangUp();
    expect(devices.liveTracks).toEqual([]);
    await nextTurn();
    clock.pass(3_000);
    await hungUp;
    expect(call).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'hangup' } });
    expect(server.asked('leaveCall')).toEqual([]);
    server.refusal = undefined;
    clock.pass(7_000);
    await nextTurn();

    expect(server.asked('leaveCall')).toEqual([{ callId }]);
    expect(call.state).toBe('Disconnected');
    expect(clock.pending).toBe(0);
  });

  it('tells nobody when the place is gone before there is a connection, and leaves no timer', async () => {
    const { call, client, server, clock } = await connectedCall();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();
    void call.hangUp();
    await nextTurn();

    await passInSteps(clock, graceMs, 4_000);
    server.refusal = undefined;
    clock.pass(7_000);
    await nextTurn();

    expect(client.connectionState).toBe('Connected');
    expect(server.asked('resume')).toEqual([]);
    expect(server.asked('leaveCall')).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('leaves nothing behind when the client is disposed', async () => {
    const { client, server, clock, network } = await connectedCall();
    server.refusal = new CallError('unavailable');
    server.drop();
    await nextTurn();

    const disposed = client.dispose();
    await nextTurn();
    clock.pass(3_000);
    await disposed;

    expect(clock.pending).toBe(0);
    expect(network.watcherCount).toBe(0);
  });
});
