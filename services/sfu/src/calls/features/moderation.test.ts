import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/support/callWorld.ts';
import { createRoomWorld, type RoomWorld } from '../../../test/support/roomWorld.ts';

let room: RoomWorld;

beforeEach(async () => {
  room = await createRoomWorld();
});

describe('muting others', () => {
  const isPaused = (participantId: string) => room.find(participantId)?.producers[0]?.paused;

  it('reaches every microphone but one’s own when nobody is named, and no camera', async () => {
    const { chair, chairId, bob, bobId } = room;
    const carol = await room.enter('carol');
    await Promise.all([
      room.send(chair, 'microphone'),
      room.send(bob, 'microphone'),
      room.send(carol.device, 'camera'),
    ]);
    await room.ask(chair, 'muteParticipants');

    expect([chairId, bobId, carol.participant.id].map(isPaused)).toEqual([false, true, false]);
    expect(bob.heard('producerPaused')).toMatchObject([{ participantId: bobId }]);
  });

  it('reaches those who are named and nobody else', async () => {
    const { device, participant } = await room.enter('carol');
    await room.send(room.bob, 'microphone');
    await room.send(device, 'microphone');
    await room.ask(room.chair, 'muteParticipants', { participantIds: [participant.id] });

    expect([room.bobId, participant.id].map(isPaused)).toEqual([false, true]);
  });

  it('mutes nobody when oneself is named, or somebody who is not in the call', async () => {
    await room.send(room.bob, 'microphone');

    for (const [id, code] of [
      [room.chairId, 'invalid_request'],
      ['nobody', 'not_found'],
    ] as const) {
      const participantIds = [room.bobId, id];

      expect(await codeOf(room.ask(room.chair, 'muteParticipants', { participantIds }))).toBe(code);
    }
    expect(isPaused(room.bobId)).toBe(false);
  });

  it('does not fail because somebody leaves meanwhile', async () => {
    await room.send(room.bob, 'microphone');
    const muting = codeOf(room.ask(room.chair, 'muteParticipants'));
    await room.ask(room.bob, 'leaveCall');

    expect(await muting).toBeUndefined();
  });
});

describe('a changed role', () => {
  it('ends the streams that it does not allow', async () => {
    const { callId, bob, bobId: participantId } = room;
    const producerId = await room.send(bob, 'camera');
    await room.ask(room.chair, 'changeRole', { participantId, role: 'consumer' });

    expect(bob.heard('roleChanged')).toEqual([{ callId, participantId, role: 'consumer' }]);
    expect(bob.heard('producerRemoved')).toEqual([{ callId, participantId, producerId }]);
    expect(room.find(participantId)).toMatchObject({ role: 'consumer', producers: [] });
  });

  it('lets whom it was given to do what it allows', async () => {
    const spotlight = () => codeOf(room.ask(room.bob, 'setSpotlight', { participantIds: [room.bobId] }));
    expect(await spotlight()).toBe('forbidden');
    await room.ask(room.chair, 'changeRole', { participantId: room.bobId, role: 'presenter' });

    expect(await spotlight()).toBeUndefined();
  });

  it('leaves the call a presenter', async () => {
    const resign = () =>
      codeOf(room.ask(room.chair, 'changeRole', { participantId: room.chairId, role: 'attendee' }));
    expect(await resign()).toBe('invalid_state');
    await room.ask(room.chair, 'changeRole', { participantId: room.bobId, role: 'presenter' });

    expect(await resign()).toBeUndefined();
  });

  it('is given to nobody who is not in the call', async () => {
    const ofNobody = { participantId: 'nobody', role: 'attendee' } as const;

    expect(await codeOf(room.ask(room.chair, 'changeRole', ofNobody))).toBe('not_found');
  });

  it('is given to somebody who still rings,', async () => {
    const dave = await room.world.device('dave');
    const { added } = await room.ask(room.chair, 'addParticipants', { callees: ['dave'] });
    const participantId = added[0]?.participantId ?? '';
    await room.ask(room.chair, 'changeRole', { participantId, role: 'consumer' });

    expect(room.find(participantId)).toMatchObject({ state: 'ringing', role: 'consumer' });
    expect(dave.heard('incomingCall')).toHaveLength(1);
  });

  it('lasts until the room is changed, which has the last word', async () => {
    await room.ask(room.chair, 'changeRole', { participantId: room.bobId, role: 'presenter' });
    await room.world.putRoom({ roster: { chair: 'presenter', bob: 'attendee' } });

    expect(room.find(room.bobId)?.role).toBe('attendee');
  });
});
