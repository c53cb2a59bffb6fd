import { expect, it } from 'vitest';
import { codeOf, createCallWorld } from '../../test/support/callWorld.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { standardCallLimits } from './callLimits.ts';

/** What may enter a call at once, the caller among them. */
const atOnce = 2 * standardCallLimits.joinsPerSecond;
const calleesOfRequest = 50;

it('a call that many answer at once takes as many of them as may enter one at once, and the others later', async () => {
  const world = await createCallWorld();
  const alice = await world.device('alice');
  const devices = await Promise.all(
    Array.from({ length: atOnce + 10 }, (_, index) => world.device(`callee-${index}`)),
  );
  const userIds = devices.map(({ identity }) => identity.userId);
  const { call } = await world.calls.startCall(alice, { callees: userIds.slice(0, 1), media: offer });
  for (let from = 1; from < userIds.length; from += calleesOfRequest) {
    const callees = userIds.slice(from, from + calleesOfRequest);
    await world.ask(alice, 'addParticipants', { callId: call.id, callees });
  }
  const answer = (callees: typeof devices) =>
    Promise.all(callees.map((device) => codeOf(world.calls.acceptCall(device, call.id, offer))));

  const [first, later] = [devices.slice(0, atOnce - 1), devices.slice(atOnce - 1)];
  expect(new Set(await answer(first))).toEqual(new Set([undefined]));
  expect(new Set(await answer(later))).toEqual(new Set(['too_many_requests']));
  world.clock.advance(1_000);
  expect(new Set(await answer(later))).toEqual(new Set([undefined]));
});
