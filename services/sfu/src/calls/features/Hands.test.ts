import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/support/callWorld.ts';
import { createRoomWorld, type RoomWorld } from '../../../test/support/roomWorld.ts';

let room: RoomWorld;

beforeEach(async () => {
  room = await createRoomWorld();
});

describe('a hand', () => {
  it('is up since it was first raised, is in the snapshot, and its owner lowers it', async () => {
    const { world, chair, bob, bobId: participantId, callId } = room;
    await room.ask(bob, 'raiseHand');
    const atMs = world.clock.now();
    world.clock.advance(1_000);
    await room.ask(bob, 'raiseHand');

    expect(chair.heard('handRaised')).toEqual([{ callId, participantId, atMs }]);
    expect(room.find(participantId)?.handRaisedAtMs).toBe(atMs);
    await room.ask(bob, 'lowerHand');
    await room.ask(bob, 'lowerHand');
    expect(chair.heard('handLowered')).toEqual([{ callId, participantId }]);
    expect(room.find(participantId)).not.toHaveProperty('handRaisedAtMs');
  });

  it('is lowered by its owner who names themself, whatever the role', async () => {
    const { bob, bobId: participantId } = room;
    await room.ask(bob, 'raiseHand');

    expect(await codeOf(room.ask(bob, 'lowerHand', { participantId }))).toBeUndefined();
    expect(room.find(participantId)).not.toHaveProperty('handRaisedAtMs');
  });

  it('is nobody’s to lower who is not in the call', async () => {
    const ofNobody = { participantId: 'nobody' };

    expect(await codeOf(room.ask(room.chair, 'lowerHand', ofNobody))).toBe('not_found');
    expect(await codeOf(room.ask(room.bob, 'lowerHand', ofNobody))).toBe('forbidden');
  });
});

it('a reaction is kept nowhere', async () => {
  const { callId, chair, bob, bobId: participantId } = room;
  await room.ask(bob, 'sendReaction', { reaction: '🎉' });

  expect(chair.heard('reactionSent')).toEqual([{ callId, participantId, reaction: '🎉' }]);
  expect(JSON.stringify(room.snapshot())).not.toContain('🎉');
});
