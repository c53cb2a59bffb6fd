import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallWorld, FakeDevice } from '../../../test/support/callWorld.ts';
import { createLobbyRoom, waitBefore } from '../../../test/support/lobbyRoom.ts';

let world: CallWorld;
let alice: FakeDevice;
let callId: string;

beforeEach(async () => {
  ({ world, alice, callId } = await createLobbyRoom());
});

const wait = (device: FakeDevice) => waitBefore(world, device);

const listsOf = (device: FakeDevice) =>
  device.heard('lobbyChanged').map(({ lobby }) => lobby.map(({ identity }) => identity.userId));

describe('the list of those who wait', () => {
  it('is told at once, and in a flood of coming and going every 200 ms and once more at its end', async () => {
    const bob = await world.device('bob');
    await wait(bob);
    expect(listsOf(alice)).toEqual([['bob']]);

    const crowd = await Promise.all(Array.from({ length: 100 }, (_, index) => world.device(`user-${index}`)));
    let last = bob;
    for (const next of crowd) {
      // oxlint-disable-next-line no-await-in-loop
      await world.ask(last, 'leaveCall', { callId });
      world.clock.advance(10);
      // oxlint-disable-next-line no-await-in-loop
      await wait(next);
      last = next;
    }
    await world.ask(last, 'leaveCall', { callId });
    expect(listsOf(alice)).toHaveLength(6);
    world.clock.advance(200);
    expect(listsOf(alice)).toHaveLength(7);
    expect(listsOf(alice).at(-1)).toEqual([]);

    world.clock.advance(10_000);
    expect(listsOf(alice)).toHaveLength(7);
    await wait(bob);
    expect(listsOf(alice).at(-1)).toEqual(['bob']);
  });

  it('is not told to anybody once the call has ended', async () => {
    const bob = await world.device('bob');
    await wait(bob);
    await wait(await world.device('carol'));
    await world.ask(alice, 'endCall', { callId });

    expect(world.clock.pending).toBe(0);
    world.clock.advance(200);
    expect(listsOf(alice)).toEqual([['bob']]);
  });

  it('leaves whom they show who has just lost the right to see it, though nobody waits any more', async () => {
    const carol = await world.device('carol');
    const { participantId } = await wait(carol);
    await world.ask(alice, 'admitParticipants', { callId, participantIds: [participantId] });
    await world.ask(alice, 'changeRole', { callId, participantId, role: 'presenter' });
    world.clock.advance(400);
    const bob = await world.device('bob');
    await wait(bob);
    await world.ask(bob, 'leaveCall', { callId });
    await world.ask(alice, 'changeRole', { callId, participantId, role: 'attendee' });

    expect(listsOf(carol).slice(-2)).toEqual([['bob'], []]);
  });

  it('is told in time also when the clock was set back', async () => {
    const bob = await world.device('bob');
    await wait(bob);
    vi.spyOn(world.clock, 'now').mockReturnValue(0);
    await world.ask(bob, 'leaveCall', { callId });
    world.clock.advance(200);

    expect(listsOf(alice).at(-1)).toEqual([]);
    vi.restoreAllMocks();
  });
});
