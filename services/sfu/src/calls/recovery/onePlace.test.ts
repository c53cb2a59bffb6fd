import type { Entered } from '@parley/protocol';
import { describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { createLobbyRoom, joinRoom, waitBefore } from '../../../test/support/lobbyRoom.ts';

type PlaceOf = Pick<Exclude<Entered, { action: 'redirect' }>, 'call' | 'resumeToken' | 'sequence'>;

const resume = (world: CallWorld, device: FakeDevice, { call, resumeToken, sequence }: PlaceOf) =>
  world.ask(device, 'resume', { callId: call.id, resumeToken, sequence });

/** Mallory's two devices in one room. */
async function twoPlaces(world: CallWorld) {
  const one = await world.device('mallory');
  const two = await world.device('mallory');

  return { one, two, ofOne: await world.enterRoom(one), ofTwo: await world.enterRoom(two) };
}

describe('a device that is in the call', () => {
  it('takes no second place there, so that none is left without anybody', async () => {
    const world = await createCallWorld();
    await world.putRoom();
    const { one, two, ofTwo } = await twoPlaces(world);

    expect(await codeOf(resume(world, one, ofTwo))).toBe('invalid_state');
    world.drop(one);
    world.drop(two);
    world.clock.advance(30_000);

    expect(world.calls.summaries).toEqual([]);
    expect(world.media.open).toBe(0);
  });

  it('comes back to its own place as before', async () => {
    const world = await createCallWorld();
    await world.putRoom();
    const { one, ofOne } = await twoPlaces(world);

    expect(await resume(world, one, ofOne)).toMatchObject({ action: 'resume' });
  });

  it('takes none of two that it asks for at once but the first', async () => {
    const world = await createCallWorld();
    await world.putRoom();
    const { one, two, ofOne, ofTwo } = await twoPlaces(world);
    world.drop(one);
    world.drop(two);
    const three = await world.device('mallory');
    const release = world.media.holdRestarts();
    const asked = [ofOne, ofTwo].map((place) => codeOf(resume(world, three, place)));
    release();

    expect(await Promise.all(asked)).toEqual([undefined, 'invalid_state']);
  });
});

describe('a device before the door', () => {
  it('takes no second place there', async () => {
    const { world, callId } = await createLobbyRoom();
    const one = await world.device('mallory');
    const two = await world.device('mallory');
    await waitBefore(world, one);
    const ofTwo = await waitBefore(world, two);

    expect(await codeOf(resume(world, one, ofTwo))).toBe('invalid_state');
    world.drop(one);
    world.drop(two);
    world.clock.advance(30_000);

    expect(world.calls.summaries).toMatchObject([{ callId, participants: { connected: 1, lobby: 0 } }]);
  });

  it('enters by no other way beside', async () => {
    const { world } = await createLobbyRoom();
    const bob = await world.device('bob');
    await waitBefore(world, bob);
    await world.putRoom({ lobby: false, roster: { alice: 'presenter' } });

    expect(await codeOf(joinRoom(world, bob))).toBe('invalid_state');
  });
});

describe('a device that comes back to calls', () => {
  it('has no more of them than it may enter', async () => {
    const world = await createCallWorld();
    const places: PlaceOf[] = [];
    for (const roomId of ['r1', 'r2']) {
      await world.putRoom({ roomId });
      places.push(await world.enterRoom(await world.device('mallory'), roomId));
    }
    const third = await world.device('mallory', { maxCalls: 1 });
    const [first, second] = places;
    if (first === undefined || second === undefined) {
      throw new Error('Mallory is in two calls.');
    }

    const { resumeToken } = (await resume(world, third, first)) as { resumeToken: string };
    expect(await codeOf(resume(world, third, { ...first, resumeToken }))).toBeUndefined();
    expect(await codeOf(resume(world, third, second))).toBe('invalid_state');
  });
});
