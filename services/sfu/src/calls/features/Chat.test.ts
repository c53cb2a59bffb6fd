import { beforeEach, describe, expect, it } from 'vitest';
import { createRoomWorld, type RoomWorld } from '../../../test/support/roomWorld.ts';

let room: RoomWorld;

beforeEach(async () => {
  room = await createRoomWorld();
});

describe('the chat', () => {
  it('says who wrote what and when, whatever the client says', async () => {
    const { world, callId, chair, chairId, bob, bobId } = room;
    const forged = { text: 'Hello', userId: 'chair', participantId: chairId, id: 'mine', sentAtMs: 0 };
    const { message } = await room.ask(bob, 'sendChat', forged);

    expect(message).toEqual({
      id: expect.stringMatching(/^[\w-]{36}$/),
      participantId: bobId,
      userId: 'bob',
      displayName: 'bob',
      text: 'Hello',
      sentAtMs: world.clock.now(),
    });
    expect(chair.heard('chatSent')).toEqual([{ callId, message }]);
    expect(bob.heard('chatSent')).toEqual([{ callId, message }]);
  });

  it('keeps the latest 200 messages for those who come later', async () => {
    for (let count = 0; count <= 200; count += 1) {
      await room.ask(room.bob, 'sendChat', { text: `${count}` });
      room.world.clock.advance(20);
    }
    const { call, participant } = await room.enter('late');

    expect(call.snapshotFor(participant).chat.map(({ text }) => text)).toEqual(
      Array.from({ length: 200 }, (_, index) => `${index + 1}`),
    );
  });

  it('keeps the words of somebody who has left', async () => {
    await room.ask(room.bob, 'sendChat', { text: 'Good-bye' });
    await room.ask(room.bob, 'leaveCall');

    expect(room.snapshot().chat).toMatchObject([
      { participantId: room.bobId, displayName: 'bob', text: 'Good-bye' },
    ]);
  });
});
