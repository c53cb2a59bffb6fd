import type { Joined, ProducerInfo } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { consumerOf, joined, participant } from '../testing/FakeServer.ts';
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

  it('speak no more, and tell it, when they leave', async () => {
    const { call, server } = await connectedCall();
    const [bob] = call.remoteParticipants;
    const told: unknown[] = [];
    server.notify('speakersChanged', { callId: 'call-1', participantIds: ['bob-1'] });
    bob?.on('isSpeakingChanged', () => told.push(bob.isSpeaking));

    server.notify('participantLeft', { callId: 'call-1', participantId: 'bob-1', reason: 'hangup' });

    expect(told).toEqual([false]);
  });

  it('show and play what this version knows, and nothing else', async () => {
    const { call, server } = await connectedCall();
    const [bob] = call.remoteParticipants;

    for (const source of ['unknown', 'camera'] as const) {
      const producer = { id: `${source}-1`, source, paused: false };
      server.notify('producerAdded', { callId: 'call-1', participantId: 'bob-1', producer });
    }
    server.notify('producerPaused', { callId: 'call-1', participantId: 'bob-1', producerId: 'unknown-1' });
    server.notify('producerRemoved', { callId: 'call-1', participantId: 'bob-1', producerId: 'unknown-1' });

    expect(bob?.videoStreams.map(({ id }) => id)).toEqual(['camera-1']);
    expect([bob?.screenSharingStreams, bob?.audioStreams, bob?.isMuted]).toEqual([[], [], true]);
  });

  it('are heard as soon as they are there, resumed in one request for all of them', async () => {
    const { client, server, page, media } = await createTestClient();
    server.on('joinRoom', () => roomWithVoicesOf('bob', 'carol'));

    const call = client.join({ roomId: 'room-1' });
    await nextTurn();

    expect(server.asked('consume')).toEqual([]);
    expect(server.asked('resumeConsumers')).toEqual([
      { callId: 'call-1', consumerIds: ['consumer-of-mic-bob', 'consumer-of-mic-carol'] },
    ]);
    expect(page.body.children.size).toBe(2);
    expect(call.remoteParticipants.map(({ audioStreams }) => audioStreams.length)).toEqual([1, 1]);

    await call.hangUp();

    expect(page.body.children.size).toBe(0);
    expect(media.session.received.size).toBe(0);
  });

  it.each(['before', 'after'] as const)('are heard when their sound comes %s they do', async (order) => {
    const { call, server, page } = await connectedCall();
    const steps = [
      () => server.notify('consumersAdded', { callId: 'call-1', consumers: [consumerOf('mic-bob')] }),
      () =>
        server.notify('producerAdded', {
          callId: 'call-1',
          participantId: 'bob-1',
          producer: voiceOf('bob'),
        }),
    ];
    for (const step of order === 'before' ? steps : steps.toReversed()) {
      step();
      await nextTurn();
    }

    expect(page.body.children.size).toBe(1);
    expect(call.remoteParticipants[0]?.audioStreams).toMatchObject([{ id: 'mic-bob', type: 'Microphone' }]);
    expect(server.asked('resumeConsumers')).toHaveLength(1);
  });

  it('are heard no more when the server does not forward them, and again when it does', async () => {
    const { call, server, page, media } = await connectedCall();
    const told: string[] = [];
    call.remoteParticipants[0]?.on('audioStreamsUpdated', ({ added, removed }) => {
      told.push(...added.map(({ id }) => `+${id}`), ...removed.map(({ id }) => `-${id}`));
    });
    const consumer = consumerOf('mic-bob');
    server.notify('producerAdded', { callId: 'call-1', participantId: 'bob-1', producer: voiceOf('bob') });
    server.notify('consumersAdded', { callId: 'call-1', consumers: [consumer] });
    await nextTurn();

    server.notify('consumersClosed', { callId: 'call-1', consumerIds: [consumer.id] });
    await nextTurn();
    expect(page.body.children.size).toBe(0);
    expect(media.session.received.size).toBe(0);
    server.notify('consumersAdded', { callId: 'call-1', consumers: [{ ...consumer, id: 'consumer-2' }] });
    await nextTurn();

    expect(told).toEqual(['+mic-bob', '-mic-bob', '+mic-bob']);
    expect(server.asked('resumeConsumers').at(-1)?.consumerIds).toEqual(['consumer-2']);
    // What the server has closed is not closed once more.
    expect(server.asked('closeConsumers')).toEqual([]);
  });

  it('are heard after all when the server could not let them be heard at first', async () => {
    const { client, server, clock, page } = await createTestClient();
    server.on('joinRoom', () => roomWithVoicesOf('bob'));
    server.on('resumeConsumers', () => {
      throw new CallError('unavailable');
    });
    const call = client.join({ roomId: 'room-1' });
    await nextTurn();
    expect(server.asked('resumeConsumers')).toHaveLength(1);

    server.on('resumeConsumers', () => ({}));
    clock.pass(500);
    await nextTurn();

    expect(server.asked('resumeConsumers')).toHaveLength(2);
    expect(page.body.children.size).toBe(1);
    await call.hangUp();
    expect(clock.pending).toBe(0);
  });
});

const voiceOf = (name: string): ProducerInfo => ({ id: `mic-${name}`, source: 'microphone', paused: false });

function roomWithVoicesOf(...names: string[]): Joined {
  const room = joined(
    'room',
    'connected',
    names.map((name) => participant(name, 'connected', [voiceOf(name)])),
  );

  return {
    ...room,
    media: { ...room.media, consumers: names.map((name) => consumerOf(`mic-${name}`)) },
  };
}
