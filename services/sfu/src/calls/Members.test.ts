import { expect, it } from 'vitest';
import { codeOf, createCallWorld } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { Members } from './Members.ts';
import { Participant } from './participants/Participant.ts';

it.each([
  ['group', 1_000],
  ['room', 0],
] as const)('of a thousand who came into a %s %i are kept', (kind, kept) => {
  const members = new Members(kind);
  for (let count = 0; count < 1_000; count += 1) {
    const userId = `guest-${count}`;
    members.note(new Participant(userId, 'attendee', { userId, displayName: userId, kind: 'guest' }));
  }

  expect(Object.keys(members.kept)).toHaveLength(kept);
});

it('the call of a room knows who is in it, and nobody who has left it', async () => {
  const world = await createCallWorld();
  await world.putRoom();
  const [alice, bob] = [await world.device('alice'), await world.device('bob')];
  const { call } = await world.enterRoom(alice);
  await world.enterRoom(bob);
  const joining = { callId: call.id, media: offer };
  expect(await codeOf(world.calls.joinCall(bob, joining))).toBe('invalid_state');

  world.calls.leaveCall(bob, call.id);
  expect(await codeOf(world.calls.joinCall(bob, joining))).toBe('call_not_found');
});
