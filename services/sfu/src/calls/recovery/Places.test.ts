import { beforeEach, expect, it } from 'vitest';
import type { FakeDevice } from '../../../test/support/callWorld.ts';
import { createLobbyRoom, waitBefore, type LobbyRoom } from '../../../test/support/lobbyRoom.ts';

let room: LobbyRoom;
let bob: FakeDevice;
let resumeToken: string;

/** Bob waits before the door, and his connection is lost. */
beforeEach(async () => {
  room = await createLobbyRoom();
  bob = await room.world.device('bob');
  ({ resumeToken } = await waitBefore(room.world, bob));
  room.world.drop(bob);
});

const isKept = (owner: FakeDevice, ...resumeTokens: string[]) =>
  room.world.calls.places.isKept(owner, resumeTokens);

it('a place before a door is kept for whoever waits there: their token that has run out lets them back to it', async () => {
  expect(isKept(bob, 'stale', resumeToken)).toBe(true);
  const back = await room.world.device('bob', { hasExpired: true });
  const request = { callId: room.callId, resumeToken, sequence: 0 };

  expect(await room.world.ask(back, 'resume', request)).toMatchObject({ action: 'lobby' });
});

it('a place before a door is kept for nobody else, and for no longer than any other', async () => {
  const mallory = await room.world.device('mallory');
  const namesake = await room.world.device('bob', { applicationId: 'other' });

  expect([isKept(mallory, resumeToken), isKept(namesake, resumeToken), isKept(bob, 'stale')]).toEqual([
    false,
    false,
    false,
  ]);
  room.world.clock.advance(30_000);
  expect(isKept(bob, resumeToken)).toBe(false);
});
