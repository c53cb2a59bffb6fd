import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined, participant } from '../testing/FakeServer.ts';
import { callId, carolRings, number, presentersCall } from '../testing/presentersCall.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const carolAnswers = { callId, participant: participant('carol') };

const statesOf = (someone: RemoteParticipant): string[] => {
  const states: string[] = [someone.state];
  someone.on('stateChanged', () => states.push(someone.state));

  return states;
};

describe('addParticipant()', () => {
  it('returns at once who is in the call from then on, and when they answer', async () => {
    const { call, server, updates, answer } = await presentersCall();

    const carol = call.addParticipant('carol');
    const states = statesOf(carol);
    const changes: unknown[] = [];
    carol.on('endpointIdChanged', () => changes.push(carol.endpointId));
    carol.on('displayNameChanged', () => changes.push(carol.displayName));
    expect(carol).toMatchObject({
      identity: { id: 'carol', type: 'user' },
      displayName: 'carol',
      endpointId: undefined,
      callEndReason: undefined,
    });
    expect(call.remoteParticipants[1]).toBe(carol);

    const identity = { userId: 'carol', displayName: 'Carol C.', kind: 'user' } as const;
    server.notify('participantJoined', {
      callId,
      participant: { ...carolRings.participant, identity },
    });
    await answer();
    server.notify('participantStateChanged', { callId, participantId: 'carol-1', state: 'connected' });

    expect(states).toEqual(['Connecting', 'Ringing', 'Connected']);
    expect(changes).toEqual(['carol-1', 'Carol C.']);
    expect(call.remoteParticipants[1]).toBe(carol);
    expect(updates).toEqual(['+carol']);
    expect(server.asked('addParticipants')).toEqual([{ callId, callees: ['carol'] }]);
  });

  it.each(['before', 'after'] as const)(
    'stands for the one it rings when the server tells of them %s it answers',
    async (order) => {
      for (const id of ['carol', number]) {
        const { call, server, updates, answer } = await presentersCall();
        const added = call.addParticipant(id);
        await nextTurn();
        const steps = [async () => server.notify('participantJoined', carolRings), answer];
        for (const step of order === 'before' ? steps : steps.toReversed()) {
          await step();
        }
        server.notify('participantJoined', carolAnswers);

        expect(call.remoteParticipants).toHaveLength(2);
        expect(call.remoteParticipants[1]).toBe(added);
        expect(added).toMatchObject({ state: 'Connected', endpointId: 'carol-1', identity: { id } });
        expect(updates).toEqual([`+${id}`]);
      }
    },
  );

  it('shows who is dialled by number under that number, until they have left', async () => {
    const { call, server, answer } = await presentersCall();
    const added = call.addParticipant(number);
    const states = statesOf(added);
    await nextTurn();
    server.notify('participantJoined', carolRings);
    server.notify('participantLeft', { callId, participantId: 'carol-1', reason: 'declined' });
    expect(call.remoteParticipants).toHaveLength(2);
    await answer();

    expect(states).toEqual(['Connecting', 'Ringing', 'Disconnected']);
    expect(added).toMatchObject({
      identity: { id: number, type: 'phoneNumber' },
      displayName: 'carol',
      callEndReason: { name: 'declined' },
    });
    expect(call.remoteParticipants).toHaveLength(1);
  });

  it('takes nobody for the one it has dialled by number', async () => {
    const { call, server, answer } = await presentersCall();
    const added = call.addParticipant(number);
    await nextTurn();
    server.notify('participantJoined', { callId, participant: participant('dave', 'ringing') });
    server.notify('participantJoined', { callId, participant: participant('erin') });
    server.notify('participantJoined', carolRings);
    await answer();

    expect(call.remoteParticipants.map(({ identity }) => identity.id).toSorted()).toEqual([
      number,
      'bob',
      'dave',
      'erin',
    ]);
    expect(added).toMatchObject({ endpointId: 'carol-1', state: 'Ringing' });
  });

  it('ends the participant with the reason when the server cannot reach them', async () => {
    const { call, updates, answer } = await presentersCall();
    const carol = call.addParticipant('carol');
    const states = statesOf(carol);
    await answer(false);

    expect(carol.callEndReason?.name).toBe('offline');
    expect(states).toEqual(['Connecting', 'Disconnected']);
    expect(updates).toEqual(['+carol', '-carol']);
  });

  it.each([
    ['callee_not_found', 'not_found'],
    ['callee_busy', 'busy'],
    ['not_supported', 'not_supported'],
    ['forbidden', 'forbidden'],
    ['invalid_request', 'failed'],
  ] as const)('throws nothing when the server refuses with %s, and ends with %s', async (code, name) => {
    const { call, server } = await connectedCall();
    server.on('addParticipants', () => {
      throw new CallError(code, 'Said by the server.');
    });
    const added = call.addParticipant(number);
    await nextTurn();

    expect(added).toMatchObject({
      state: 'Disconnected',
      callEndReason: { name, message: 'Said by the server.' },
    });
    expect(call.remoteParticipants).toHaveLength(1);
  });

  it('returns who is in the call already, and rings nobody', async () => {
    const { call, server } = await connectedCall();

    expect(call.addParticipant('bob')).toBe(call.remoteParticipants[0]);
    const carol = call.addParticipant('carol');
    expect(call.addParticipant('carol')).toBe(carol);
    await nextTurn();

    expect(server.asked('addParticipants')).toHaveLength(1);
  });

  it('ends a number with busy whose user is in the call under another name', async () => {
    const { call, server, answer } = await presentersCall();
    server.notify('participantJoined', carolAnswers);
    const added = call.addParticipant(number);
    await answer();

    expect(added).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'busy' } });
    expect(call.remoteParticipants.map(({ identity }) => identity.id)).toEqual(['bob', 'carol']);
  });

  it.each(['carol', number])(
    'keeps %s through a lost connection after which everything is told anew',
    async (id) => {
      const { call, server, answer } = await presentersCall();
      const carol = call.addParticipant(id);
      await nextTurn();
      const { call: snapshot } = joined('room', 'connected', [
        participant('bob'),
        participant('carol', 'ringing'),
      ]);
      server.on('resume', (data) => ({
        ...server.resumed(data),
        snapshot: { sequence: 0, call: snapshot },
      }));
      server.drop();
      await nextTurn();
      await answer();

      expect(call.remoteParticipants[1]).toBe(carol);
      expect(call.remoteParticipants).toHaveLength(2);
      expect(carol.state).toBe('Ringing');
    },
  );

  it('refuses what nobody can be called by with a TypeError', async () => {
    const { call, server } = await connectedCall();

    for (const id of [undefined, '', 'with space', 5, ['bob']]) {
      expect(() => call.addParticipant(id as string)).toThrow(TypeError);
    }
    expect(server.asked('addParticipants')).toEqual([]);
  });

  it('throws invalid_state before the call is entered and after its end', async () => {
    const { client, server } = await createTestClient();
    server.on('addParticipants', () => new Promise(() => {}));
    const call = client.join({ roomId: 'room-1' });
    const code = 'invalid_state';
    expect(() => call.addParticipant('carol')).toThrow(expect.objectContaining({ code }));
    await nextTurn();
    const carol = call.addParticipant('carol');

    await call.hangUp();

    expect(carol).toMatchObject({ state: 'Disconnected', callEndReason: { name: 'hangup' } });
    expect(() => call.addParticipant('carol')).toThrow(expect.objectContaining({ code }));
  });
});
