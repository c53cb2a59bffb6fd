import { describe, expect, it } from 'vitest';
import type { RemoteParticipant } from '../participants/participantTypes.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';

const callId = 'call-1';

describe('muting others', () => {
  it('asks for the one, or for all', async () => {
    const { call, server } = await connectedCall();

    await call.remoteParticipants[0]?.mute();
    await call.muteOthers();

    expect(server.asked('muteParticipants')).toEqual([{ callId, participantIds: ['bob-1'] }, { callId }]);
  });

  it('is told to who is muted, who may unmute again', async () => {
    const { call, server } = await connectedCall();
    const told: string[] = [];
    call.on('isMutedChanged', () => told.push(`muted ${call.isMuted}`));
    call.on('mutedByOthers', () => told.push('by others'));
    const paused = { callId, participantId: 'alice-1', producerId: 'own-microphone' };

    server.notify('producerPaused', paused);
    expect(told).toEqual(['muted true', 'by others']);
    await call.unmute();
    await call.mute();
    server.notify('producerPaused', paused);
    server.notify('producerPaused', { ...paused, producerId: 'mic-of-bob' });

    expect(told).toEqual(['muted true', 'by others', 'muted false', 'muted true']);
  });
});

describe('a role that is given', () => {
  it("is asked of the server, and the participant's when it says so", async () => {
    const { call, server } = await connectedCall();
    const [bob] = call.remoteParticipants as [RemoteParticipant];

    await call.changeRole(bob, 'presenter');
    expect(server.asked('changeRole')).toEqual([{ callId, participantId: 'bob-1', role: 'presenter' }]);
    expect(bob.role).toBe('collaborator');
    server.notify('roleChanged', { callId, participantId: 'bob-1', role: 'presenter' });

    expect(bob.role).toBe('presenter');
  });

  it('must be one', async () => {
    const { call } = await connectedCall();

    await expect(
      call.changeRole(call.remoteParticipants[0] as RemoteParticipant, 'owner' as 'presenter'),
    ).rejects.toThrow(TypeError);
  });
});

describe('what is done to others', () => {
  it('takes participants of this call only', async () => {
    const { call } = await connectedCall();
    const { call: other } = await connectedCall();

    for (const wrong of [undefined, 'erin', {}, other.remoteParticipants[0]] as RemoteParticipant[]) {
      await expect(call.removeParticipant(wrong)).rejects.toThrow(TypeError);
      await expect(call.changeRole(wrong, 'attendee')).rejects.toThrow(TypeError);
    }
  });

  it('is refused with forbidden to who may not do it, and the server is not asked', async () => {
    const { call, server } = await connectedCall();
    server.notify('roleChanged', { callId, participantId: 'alice-1', role: 'attendee' });
    const [bob] = call.remoteParticipants as [RemoteParticipant];
    const forbidden = { code: 'forbidden' };

    expect(() => call.addParticipant('carol')).toThrow(expect.objectContaining(forbidden));
    await expect(bob.mute()).rejects.toMatchObject(forbidden);
    await expect(call.muteOthers()).rejects.toMatchObject(forbidden);
    await expect(call.changeRole(bob, 'attendee')).rejects.toMatchObject(forbidden);
    for (const name of ['addParticipants', 'muteParticipants', 'changeRole'] as const) {
      expect(server.asked(name)).toEqual([]);
    }
  });

  it('rejects with invalid_state for who is not in the call yet, or any more', async () => {
    const { call, server } = await connectedCall();
    const [bob] = call.remoteParticipants as [RemoteParticipant];
    server.notify('participantLeft', { callId, participantId: 'bob-1', reason: 'hangup' });

    for (const absent of [bob, call.addParticipant('carol')]) {
      await expect(absent.mute()).rejects.toMatchObject({ code: 'invalid_state' });
      await expect(call.changeRole(absent, 'attendee')).rejects.toMatchObject({ code: 'invalid_state' });
    }
  });

  it('rejects with invalid_state before the call is entered and after its end', async () => {
    const { client } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    const refuses = async (bob: RemoteParticipant): Promise<void> => {
      for (const attempt of [
        call.muteOthers(),
        call.removeParticipant(bob),
        call.changeRole(bob, 'attendee'),
      ]) {
        await expect(attempt).rejects.toMatchObject({ code: 'invalid_state' });
      }
    };
    await refuses({} as RemoteParticipant);
    await nextTurn();
    const [bob] = call.remoteParticipants as [RemoteParticipant];

    await call.hangUp();

    await refuses(bob);
    await expect(bob.mute()).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

describe('endpointId', () => {
  it('of a call is there with its event, and is the one the others see', async () => {
    const { client } = await createTestClient();
    const call = client.join({ roomId: 'room-1' });
    const told: unknown[] = [];
    call.on('endpointIdChanged', () => told.push(call.endpointId));
    expect(call.endpointId).toBeUndefined();
    await nextTurn();

    expect(told).toEqual(['alice-1']);
  });
});
