import type { Resumed, Waiting } from '@parley/protocol';
import { describe, expect, it, vi } from 'vitest';
import { codeOf, createCallWorld } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';

async function createPlace() {
  const world = await createCallWorld();
  await world.putRoom();
  const bob = await world.device('bob');
  const joined = await world.enterRoom(bob);
  const { call, sequence } = joined;
  const { participant } = world.calls.participation(bob, call.id);
  let { resumeToken } = joined;
  const resume = async (device = bob): Promise<Resumed> => {
    const answer = await world.calls.places.resume(device, { callId: call.id, resumeToken, sequence });
    if (answer.action === 'resume') {
      resumeToken = answer.resumeToken;
    }

    return answer;
  };

  return { world, bob, participant, resume };
}

describe('a place', () => {
  it('that is resumed in a flood restarts ICE twenty times at once, then once in three seconds', async () => {
    const { world, participant, resume } = await createPlace();
    const restartIce = vi.spyOn(participant.media, 'restartIce');
    for (let count = 0; count < 20; count += 1) {
      await resume();
    }
    await expect(resume()).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 3 });
    expect(restartIce).toHaveBeenCalledTimes(20);

    world.clock.advance(3_000);
    expect(await resume()).toMatchObject({ action: 'resume' });
    expect(await codeOf(resume())).toBe('too_many_requests');
    expect(restartIce).toHaveBeenCalledTimes(21);
  });

  it('is resumed after each lost socket of a client that loses one every three seconds', async () => {
    const { world, bob, resume } = await createPlace();
    let device = bob;
    for (let count = 0; count < 100; count += 1) {
      world.drop(device);
      world.clock.advance(3_000);
      device = await world.device('bob');
      expect(await resume(device)).toMatchObject({ action: 'resume' });
    }
  });

  it('before the door of a room is resumed no oftener than one inside', async () => {
    const world = await createCallWorld();
    await world.putRoom({ lobby: true, roster: { alice: 'presenter' } });
    const { call } = await world.enterRoom(await world.device('alice'));
    const bob = await world.device('bob');
    let place = (await world.calls.joinRoom(bob, { roomId: 'room', media: offer })) as Waiting;
    const resume = async (): Promise<void> => {
      const { resumeToken, sequence } = place;
      const resumed = await world.calls.places.resume(bob, { callId: call.id, resumeToken, sequence });
      place = { ...place, ...(resumed as Resumed & { action: 'lobby' }) };
    };
    for (let count = 0; count < 20; count += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await resume();
    }

    await expect(resume()).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 3 });
    world.clock.advance(3_000);
    await resume();
    expect(await codeOf(resume())).toBe('too_many_requests');
  });
});
