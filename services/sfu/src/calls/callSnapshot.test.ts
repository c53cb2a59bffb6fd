import { expect, it } from 'vitest';
import { createCallWorld } from '../../test/support/callWorld.ts';

it('whoever enters a call in which the loudest are heard is told at once whom the slots carry', async () => {
  const world = await createCallWorld();
  await world.putRoom();
  const { participantId } = await world.enterRoom(await world.device('alice'));
  const audioSlots = [{ slotId: 'first', participantId, producerId: 'microphone' }, { slotId: 'second' }];
  world.media.calls[0]?.listener.onAudioSlots(audioSlots);
  const { call } = await world.enterRoom(await world.device('bob'));

  expect(call.audioSlots).toEqual(audioSlots);
});
