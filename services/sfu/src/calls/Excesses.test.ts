import { beforeEach, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../test/support/callWorld.ts';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { Excesses } from './Excesses.ts';

let world: CallWorld;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom();
});

const join = (device: FakeDevice) => world.calls.joinRoom(device, { roomId: 'room', media: offer });

it('somebody put out who sends too much comes in again later each time, by no other device, and nobody else waits', async () => {
  await world.enterRoom(await world.device('bob'));
  const mallory = await world.device('mallory');
  for (const seconds of [10, 20, 40]) {
    const { participantId } = await world.enterRoom(mallory);
    world.media.calls[0]?.listener.onExcess(participantId);
    await expect(join(mallory)).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: seconds,
    });
    world.clock.advance(seconds * 1000 - 1);
    expect(await codeOf(join(await world.device('mallory')))).toBe('too_many_requests');
    world.clock.advance(1);
  }

  expect(mallory.heard('callEnded')).toHaveLength(3);
  await world.enterRoom(await world.device('alice'));
});

it('who is put out on and on waits ten minutes and no longer, and is forgotten in the end', () => {
  const clock = new FakeClock();
  const excesses = new Excesses(clock);
  const bob = { userId: 'bob' };
  for (let count = 0; count < 20; count += 1) {
    excesses.add(bob);
  }

  expect(() => excesses.requireOver(bob)).toThrow(expect.objectContaining({ retryAfterSeconds: 600 }));
  clock.advance(1_800_001);
  excesses.requireOver(bob);
  excesses.add(bob);
  expect(() => excesses.requireOver(bob)).toThrow(expect.objectContaining({ retryAfterSeconds: 10 }));
});
