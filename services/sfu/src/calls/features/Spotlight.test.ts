import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';
import { createRoomWorld, type RoomWorld } from '../../../test/support/roomWorld.ts';

let room: RoomWorld;

beforeEach(async () => {
  room = await createRoomWorld();
});

describe('the spotlight', () => {
  it('is told when it differs, to the media too, and ends with an empty list', async () => {
    const { callId, chair, chairId, bob, bobId } = room;
    await room.ask(chair, 'setSpotlight', { participantIds: [bobId, chairId, bobId] });
    await room.ask(chair, 'setSpotlight', { participantIds: [bobId, chairId] });
    expect(room.snapshot().spotlight).toEqual([bobId, chairId]);
    await room.ask(chair, 'setSpotlight', { participantIds: [] });

    expect(bob.heard('spotlightChanged')).toEqual([
      { callId, participantIds: [bobId, chairId] },
      { callId, participantIds: [] },
    ]);
    expect(room.world.media.spotlights).toEqual([[bobId, chairId], []]);
  });

  it('is on nobody who is not in the call, or only rings', async () => {
    const caller = await room.world.device('caller');
    await room.world.device('dave');
    const { call } = await room.world.calls.startCall(caller, { callees: ['dave'], media: offer });
    const ringing = call.participants.find(({ state }) => state === 'ringing')?.id ?? '';

    for (const participantId of [room.chairId, ringing]) {
      const data = { callId: call.id, participantIds: [participantId] };

      expect(await codeOf(room.ask(caller, 'setSpotlight', data))).toBe('not_found');
    }
  });

  it('leaves those who leave, who are not told any more', async () => {
    const { callId, chair, chairId, bob, bobId } = room;
    await room.ask(chair, 'setSpotlight', { participantIds: [bobId, chairId] });
    await room.ask(bob, 'leaveCall');

    expect(chair.heard('spotlightChanged').at(-1)).toEqual({ callId, participantIds: [chairId] });
    expect(bob.heard('spotlightChanged')).toHaveLength(1);
    expect(room.world.media.spotlights.at(-1)).toEqual([chairId]);
  });
});
