import { describe, expect, it } from 'vitest';
import { CallError } from '../errors.ts';
import { comingsOf } from '../testing/chronicles.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { joined, participant, type FakeServer } from '../testing/FakeServer.ts';
import { nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';

describe('a gap in what the server tells', () => {
  const snapshotOf = (server: FakeServer, names: string[]) => ({
    sequence: server.sequenceOf(),
    call: joined(
      'room',
      'connected',
      names.map((name) => participant(name)),
    ).call,
  });

  it('is closed by a snapshot, in which nobody comes or goes who did not', async () => {
    const { call, server } = await connectedCall();
    const comings = comingsOf(call);
    const [bob] = call.remoteParticipants;
    server.on('getSnapshot', async () => {
      server.notify('participantJoined', { callId, participant: participant('dave') });
      await nextTurn();

      return snapshotOf(server, ['bob', 'carol', 'dave']);
    });
    server.forgetToTell('participantJoined', { callId, participant: participant('carol') });

    server.notify('speakersChanged', { callId, participantIds: ['bob-1'] });
    await nextTurn();
    await nextTurn();
    server.notify('participantLeft', { callId, participantId: 'carol-1', reason: 'hangup' });

    expect(server.asked('getSnapshot')).toHaveLength(1);
    expect(comings).toEqual(['+carol-1', '+dave-1', '-carol-1']);
    expect(call.remoteParticipants[0]).toBe(bob);
  });

  it('that a notification leaves which does not match its schema is closed, too', async () => {
    const { call, server } = await connectedCall();
    server.on('getSnapshot', () => ({ ...snapshotOf(server, ['carol']), sequence: 1 }));

    server.notifyRaw({ name: 'participantLeft', data: { callId, participantId: 7 }, sequence: 1 });
    await nextTurn();

    expect(call.remoteParticipants.map(({ endpointId }) => endpointId)).toEqual(['carol-1']);
  });

  it('is none where a newer server tells something unknown, or the same again', async () => {
    const { call, server } = await connectedCall();

    server.notifyRaw({ name: 'moonRose', data: { callId }, sequence: 1 });
    const joining = { callId, participant: participant('carol') };
    server.notifyRaw({ name: 'participantJoined', data: joining, sequence: 2 });
    server.notifyRaw({
      name: 'participantLeft',
      data: { callId, participantId: 'bob-1', reason: 'hangup' },
      sequence: 2,
    });

    expect(server.asked('getSnapshot')).toEqual([]);
    expect(call.remoteParticipants).toHaveLength(2);
  });

  it('is asked about again after a pause when the server refuses the snapshot, over the same connection', async () => {
    const { call, server, clock } = await connectedCall();
    let refusals = 0;
    server.on('getSnapshot', () => {
      if (refusals < 2) {
        refusals += 1;
        throw new CallError('unavailable');
      }

      return snapshotOf(server, ['carol']);
    });

    server.forgetToTell('participantJoined', { callId, participant: participant('carol') });
    server.notify('speakersChanged', { callId, participantIds: [] });
    await nextTurn();
    await nextTurn();
    expect(server.asked('getSnapshot')).toHaveLength(1);
    for (const pauseMs of [300, 1_200]) {
      clock.pass(pauseMs);
      await nextTurn();
    }

    expect(call.remoteParticipants.map(({ endpointId }) => endpointId)).toEqual(['carol-1']);
    expect(server.asked('getSnapshot')).toHaveLength(3);
    expect(server.connections).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('that no snapshot makes up for is asked about after longer and longer pauses, then over another connection', async () => {
    const { call, server, clock } = await connectedCall();
    server.on('getSnapshot', () =>
      server.asked('getSnapshot').length > 100
        ? new Promise<never>(() => {})
        : { ...snapshotOf(server, ['bob']), sequence: 0 },
    );
    server.notifyRaw({ name: 'participantLeft', data: { callId, participantId: 7 }, sequence: 1 });
    for (let turn = 0; turn < 100; turn += 1) {
      await nextTurn();
    }
    expect(server.asked('getSnapshot')).toHaveLength(1);

    for (const pauseMs of [300, 1_200, 2_700, 4_800, 7_000]) {
      expect(server.connections).toHaveLength(1);
      clock.pass(pauseMs);
      await nextTurn();
      await nextTurn();
    }

    expect(server.asked('getSnapshot')).toHaveLength(6);
    expect(server.connections).toHaveLength(2);
    expect(server.asked('resume')).toHaveLength(1);
    expect(call.state).toBe('Connected');
    expect(clock.pending).toBe(0);
  });

  it('ends the call where the server knows of no place any more, which it says when the client comes back', async () => {
    const { call, server } = await connectedCall();
    server.on('getSnapshot', () => {
      throw new CallError('call_not_found');
    });
    server.on('resume', () => ({ action: 'stop', reason: 'removed' }));

    server.forgetToTell('participantJoined', { callId, participant: participant('carol') });
    server.notify('speakersChanged', { callId, participantIds: [] });
    await nextTurn();
    await nextTurn();

    expect(call.callEndReason?.name).toBe('removed');
  });

  it('takes over what changed of the others and of this part', async () => {
    const { call, server } = await connectedCall();
    const [bob] = call.remoteParticipants;
    server.on('getSnapshot', () => {
      const { call: snapshot } = joined('room', 'connected', [
        { ...participant('bob'), isOnHold: true, role: 'attendee' },
      ]);
      const participants = snapshot.participants.map((one) =>
        one.id === 'alice-1' ? { ...one, role: 'attendee' as const } : one,
      );

      return { sequence: 5, call: { ...snapshot, participants, speakers: ['alice-1'] } };
    });

    server.notifyRaw({ name: 'handRaised', data: { callId, participantId: 'bob-1', atMs: 1 }, sequence: 5 });
    await nextTurn();

    expect(bob).toMatchObject({ state: 'OnHold', role: 'attendee' });
    expect(call).toMatchObject({ role: 'attendee', isSpeaking: true });
  });
});
