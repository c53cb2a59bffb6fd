import { expect, it } from 'vitest';
import { codeOf, createCallWorld } from '../../../test/support/callWorld.ts';
import { offer } from '../../../test/support/FakeMedia.ts';

it('one user rings another six times at once, then once in ten seconds, before there is a call', async () => {
  const world = await createCallWorld();
  const [alice, victim] = [await world.device('alice'), await world.device('victim')];
  const mallory = await Promise.all([1, 2, 3].map(() => world.device('mallory')));
  const ring = async (caller = alice): Promise<void> => {
    const { call } = await world.calls.startCall(caller, { callees: ['victim'], media: offer });
    world.calls.leaveCall(caller, call.id);
  };
  for (let count = 0; count < 6; count += 1) {
    await ring(mallory[count % 3]);
  }
  const calls = world.media.calls.length;

  await expect(ring(mallory[0])).rejects.toMatchObject({ code: 'too_many_requests', retryAfterSeconds: 10 });
  expect([victim.heard('incomingCall').length, world.media.calls.length]).toEqual([6, calls]);
  await ring();
  world.clock.advance(10_000);
  await ring(mallory[1]);
  expect(await codeOf(ring(mallory[2]))).toBe('too_many_requests');
});

it('who is rung into a call that goes on counts as well', async () => {
  const world = await createCallWorld();
  const [alice, victim] = [await world.device('alice'), await world.device('victim')];
  await world.device('bob');
  const { call } = await world.calls.startCall(alice, { callees: ['bob'], media: offer });
  const ring = () => world.ask(alice, 'addParticipants', { callId: call.id, callees: ['victim'] });
  for (let count = 0; count < 6; count += 1) {
    await ring();
    await world.calls.rejectCall(victim, call.id);
  }

  expect(await codeOf(ring())).toBe('too_many_requests');
  expect(victim.heard('incomingCall')).toHaveLength(6);
});
