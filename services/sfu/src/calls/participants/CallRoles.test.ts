import { expect, it } from 'vitest';
import { createRoomWorld } from '../../../test/support/roomWorld.ts';

it('a place from before its identity was removed allows nothing, be it forgotten on the roster or not', async () => {
  const room = await createRoomWorld();
  const { call, participant } = await room.enter('presenter');
  call.roles.require(participant, 'sendChat');
  call.roles.require(participant, 'endForEveryone');
  // As if a way out had forgotten the place, which none does.
  call.removals.remove(participant.identity);
  const removed = expect.objectContaining({ code: 'removed_from_call' }) as Error;

  expect(() => call.roles.require(participant, 'sendChat')).toThrow(removed);
  expect(() => call.roles.require(participant, 'endForEveryone')).toThrow(removed);
  // To be let in again makes another place, and not this one good.
  call.removals.readmit(participant.identity);
  expect(() => call.roles.require(participant, 'sendChat')).toThrow(removed);
});
