import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined, participant } from '../testing/FakeServer.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

describe('remote participants', () => {
  it('come and go with what the server tells, ringing callees among them', async () => {
    const { client, server } = await createTestClient();
    const call = client.call(['bob']);
    await nextTurn();
    const [bob] = call.remoteParticipants;
    expect(bob).toMatchObject({ identity: { id: 'bob', type: 'user' }, state: 'Ringing', isMuted: true });

    server.notify('participantJoined', {
      callId: 'call-1',
      participant: participant('bob', 'connected', [{ id: 'mic-1', source: 'microphone', paused: false }]),
    });
    expect(call.remoteParticipants).toEqual([bob]);
    expect(bob).toMatchObject({ state: 'Connected', isMuted: false });
    server.notify('producerPaused', { callId: 'call-1', participantId: 'bob-1', producerId: 'mic-1' });
    expect(bob?.isMuted).toBe(true);
    server.notify('participantLeft', { callId: 'call-1', participantId: 'bob-1', reason: 'hangup' });

    expect(call.remoteParticipants).toEqual([]);
    expect(bob).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'hangup' } });
  });

  it('tell who speaks, this page itself included', async () => {
    const { call, server } = await connectedCall();

    server.notify('speakersChanged', { callId: 'call-1', participantIds: ['bob-1', 'alice-1'] });
    expect(call.isSpeaking).toBe(true);
    expect(call.remoteParticipants[0]?.isSpeaking).toBe(true);
    server.notify('speakersChanged', { callId: 'call-1', participantIds: [] });

    expect(call.isSpeaking).toBe(false);
    expect(call.remoteParticipants[0]?.isSpeaking).toBe(false);
  });

  it('are heard at once, in one request for all of them', async () => {
    const { client, server, page, media } = await createTestClient();
    const mic = (name: string) => [{ id: `mic-${name}`, source: 'microphone' as const, paused: false }];
    server.on('joinRoom', () =>
      joined('room', 'connected', [
        participant('bob', 'connected', mic('bob')),
        participant('carol', 'connected', mic('carol')),
      ]),
    );

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(server.asked('consume')).toEqual([{ callId: 'call-1', producerIds: ['mic-bob', 'mic-carol'] }]);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
    expect(page.body.children.size).toBe(2);
    expect(call.remoteParticipants.map(({ audioStreams }) => audioStreams.length)).toEqual([1, 1]);

    await call.hangUp();

    expect(page.body.children.size).toBe(0);
    expect(media.session.received.size).toBe(0);
  });

  it('are heard after all when the server could not let them be heard at first', async () => {
    const { client, server, clock, page } = await createTestClient();
    server.on('joinRoom', () =>
      joined('room', 'connected', [
        participant('bob', 'connected', [{ id: 'mic-bob', source: 'microphone', paused: false }]),
      ]),
    );
    const busy = () => {
      throw new CallError('unavailable');
    };
    server.on('resumeConsumers', busy);
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    expect(server.asked('resumeConsumers')).toHaveLength(1);

    server.on('resumeConsumers', () => ({}));
    clock.pass(500);
    await nextTurn();

    expect(server.asked('resumeConsumers')).toHaveLength(2);
    expect(server.asked('consume')).toHaveLength(1);
    expect(page.body.children.size).toBe(1);
    await call.hangUp();
    expect(clock.pending).toBe(0);
  });

  it('are asked for again when they could not be received, and no more once the call is over', async () => {
    const { client, server, clock } = await createTestClient();
    server.on('joinRoom', () =>
      joined('room', 'connected', [
        participant('bob', 'connected', [{ id: 'mic-bob', source: 'microphone', paused: false }]),
      ]),
    );
    server.on('consume', () => {
      throw new CallError('internal');
    });
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    clock.pass(500);
    await nextTurn();
    expect(server.asked('consume')).toHaveLength(2);

    await call.hangUp();

    expect(clock.pending).toBe(0);
  });
});
