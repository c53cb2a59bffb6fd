import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined, participant } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';

describe('hold() and resume()', () => {
  it('put the call on hold, in which nothing leaves this page, and take it off', async () => {
    const { call, server, media } = await connectedCall();
    const states: string[] = [];
    call.on('stateChanged', () => states.push(call.state));

    await call.hold();
    server.notify('holdChanged', { callId, participantId: 'alice-1', isOnHold: true });
    expect(media.session.sentFrom('microphone')?.state).toBe('paused');
    await call.resume();
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');

    expect(states).toEqual(['LocalHold', 'Connected']);
    expect(server.requests.map(({ name }) => name).slice(-2)).toEqual(['holdCall', 'unholdCall']);
  });

  it('refuse the messages of the application in between, which nobody would get', async () => {
    const { call, media, server } = await connectedCall();
    server.on('produceData', () => ({ dataProducerId: 'data-producer-1' }));
    const message = new TextEncoder().encode('page 7');

    await call.hold();
    await expect(call.sendData(message)).rejects.toMatchObject({ name: 'CallError', code: 'invalid_state' });
    await call.resume();
    await call.sendData(message);

    expect(media.session.sentData.ordered).toEqual(['page 7']);
  });

  it('change nothing when the server refuses', async () => {
    const { call, server, media } = await connectedCall();
    server.on('holdCall', () => {
      throw new CallError('internal');
    });

    await expect(call.hold()).rejects.toMatchObject({ code: 'internal' });
    expect(call.state).toBe('Connected');
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
  });

  it('silence this page at once, however long the server takes to answer, and let it be heard when that has agreed', async () => {
    const { call, server, media } = await connectedCall();
    const answers = {
      holdCall: Promise.withResolvers<Record<string, never>>(),
      unholdCall: Promise.withResolvers<Record<string, never>>(),
    };
    server.on('holdCall', () => answers.holdCall.promise);
    server.on('unholdCall', () => answers.unholdCall.promise);
    const microphone = (): string | undefined => media.session.sentFrom('microphone')?.state;

    const holding = call.hold();
    expect([microphone(), call.state]).toEqual(['paused', 'Connected']);
    answers.holdCall.resolve({});
    await holding;
    const resuming = call.resume();
    await nextTurn();
    expect([microphone(), call.state]).toEqual(['paused', 'LocalHold']);
    answers.unholdCall.resolve({});
    await resuming;

    expect([microphone(), call.state]).toEqual(['sending', 'Connected']);
  });

  it('reject before the call is entered and after its end', async () => {
    const { client } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    await expect(call.hold()).rejects.toMatchObject({ code: 'invalid_state' });
    await nextTurn();
    await call.hangUp();

    await expect(call.resume()).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('a call that another has put on hold', () => {
  it('is LocalHold when it was one of this user', async () => {
    const { call, server } = await connectedCall();

    server.notify('holdChanged', { callId, participantId: 'alice-1', isOnHold: true });

    expect(call.state).toBe('LocalHold');
  });

  it('is RemoteHold when it was the other one of two', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();
    server.notify('callStateChanged', { callId, state: 'connected' });
    server.notify('participantJoined', { callId, participant: participant('bob') });

    server.notify('holdChanged', { callId, participantId: 'bob-1', isOnHold: true });
    expect(call.state).toBe('RemoteHold');
    server.notify('holdChanged', { callId, participantId: 'bob-1', isOnHold: false });

    expect(call.state).toBe('Connected');
  });

  it('goes on when it was one of many, who is OnHold', async () => {
    const { call, server } = await connectedCall();

    server.notify('holdChanged', { callId, participantId: 'bob-1', isOnHold: true });

    expect(call.state).toBe('Connected');
    expect(call.remoteParticipants[0]?.state).toBe('OnHold');
  });

  it.each(['tells so', 'has forgotten it, as one that was killed'] as const)(
    'stays silent, and is held again, when the server %s though nobody has resumed it',
    async (how) => {
      const { call, server, media } = await connectedCall();
      await call.hold();

      if (how === 'tells so') {
        server.notify('holdChanged', { callId, participantId: 'alice-1', isOnHold: false });
      } else {
        server.on('resume', (data) => {
          const { ice: _, ...answer } = server.resumed(data);
          const { call: snapshot, media: anew } = joined('room', 'connected');

          return { ...answer, action: 'rejoin', media: anew, snapshot: { sequence: 0, call: snapshot } };
        });
        server.drop();
      }
      await nextTurn();

      expect([call.state, media.session.sentFrom('microphone')?.state]).toEqual(['LocalHold', 'paused']);
      expect(server.asked('holdCall')).toHaveLength(2);
    },
  );

  it('goes on when the server tells so before it answers that it may', async () => {
    const { call, server, media } = await connectedCall();
    await call.hold();
    server.on('unholdCall', () => {
      server.notify('holdChanged', { callId, participantId: 'alice-1', isOnHold: false });

      return {};
    });
    await call.resume();

    expect([call.state, media.session.sentFrom('microphone')?.state]).toEqual(['Connected', 'sending']);
    expect(server.asked('holdCall')).toHaveLength(1);
  });

  it('is still so after the connection was lost', async () => {
    const { client, server } = await createTestClient();
    server.on('joinRoom', () => {
      const answer = joined('room', 'connected');
      const participants = answer.call.participants.map((one) => ({ ...one, isOnHold: true }));

      return { ...answer, call: { ...answer.call, participants } };
    });
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    expect(call.state).toBe('LocalHold');

    server.drop();
    await nextTurn();

    expect(call.state).toBe('LocalHold');
  });
});

describe('a direct call', () => {
  it('becomes a group call when the server says so', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();
    const kinds: string[] = [];
    call.on('kindChanged', () => kinds.push(call.kind));

    server.notify('callKindChanged', { callId, kind: 'group' });

    expect(kinds).toEqual(['group']);
  });
});

describe('a remote participant', () => {
  it('whose connection is lost is Reconnecting and back again, and goes and comes for nobody', async () => {
    const { call, server } = await connectedCall();
    const [bob] = call.remoteParticipants;
    const states: (string | undefined)[] = [];
    bob?.on('stateChanged', () => states.push(bob.state));
    const updates: unknown[] = [];
    call.on('remoteParticipantsUpdated', (update) => updates.push(update));

    server.notify('participantStateChanged', { callId, participantId: 'bob-1', state: 'reconnecting' });
    server.notify('participantStateChanged', { callId, participantId: 'bob-1', state: 'connected' });

    expect(states).toEqual(['Reconnecting', 'Connected']);
    expect(updates).toEqual([]);
  });
});
