import { expect, it } from 'vitest';
import { createCallWorld } from '../../test/support/callWorld.ts';
import { FakeClock } from '../../test/support/FakeClock.ts';
import { offer } from '../../test/support/FakeMedia.ts';
import { AloneTimer } from './AloneTimer.ts';

it('being alone begins anew only after somebody else was there, however often it is said', () => {
  const clock = new FakeClock();
  let expired = 0;
  const timer = new AloneTimer({ clock, timeoutMs: 10_000, onExpired: () => (expired += 1) });
  for (const isAlone of [true, true, false, true, true]) {
    timer.update(isAlone);
    clock.advance(4_000);
  }
  expect(expired).toBe(0);
  timer.update(true);
  clock.advance(2_000);

  expect(expired).toBe(1);
});

it('somebody alone in a group call is out of it in time though their second device comes and goes', async () => {
  const world = await createCallWorld();
  const [alice, bob, tablet] = [
    await world.device('alice'),
    await world.device('bob'),
    await world.device('bob'),
  ];
  await world.device('carol');
  const { call } = await world.calls.startCall(alice, { callees: ['bob', 'carol'], media: offer });
  const callId = call.id;
  await world.calls.acceptCall(bob, callId, offer);
  const carolsId = world.calls.participation(bob, callId).call.ofUser('carol')?.id ?? '';
  await world.ask(alice, 'cancelRinging', { callId, participantId: carolsId });
  world.calls.leaveCall(alice, callId);
  for (let tenSeconds = 0; tenSeconds < 5; tenSeconds += 1) {
    world.clock.advance(10_000);
    await world.ask(tablet, 'joinCall', { callId, media: offer });
    world.calls.leaveCall(tablet, callId);
  }
  expect(bob.heard('callEnded')).toEqual([]);
  world.clock.advance(10_000);

  expect(bob.heard('callEnded')).toEqual([{ callId, reason: 'alone' }]);
});
