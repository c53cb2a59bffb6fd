import { ProtocolError } from '@parley/protocol';
import { expect, it } from 'vitest';
import { createCallWorld } from '../../../test/support/callWorld.ts';
import { keptCall, keptParticipant } from '../../../test/support/keptCalls.ts';
import { ResumeTokens } from './ResumeTokens.ts';

it('a room’s call goes on also when the backplane was started with the process, and learns late who holds what', async () => {
  const world = await createCallWorld();
  await world.putRoom();
  const { callDirectory } = world.backplane;
  const claim = callDirectory.claimRoom.bind(callDirectory);
  const knownAtMs = world.clock.now() + 5_000;
  callDirectory.claimRoom = async (...asked) => {
    if (world.clock.now() < knownAtMs) {
      throw new ProtocolError('unavailable');
    }

    return claim(...asked);
  };
  const tokens = new ResumeTokens();
  const kept = keptCall([keptParticipant('carol', tokens)], { kind: 'room', roomId: 'room' });

  const restored = world.calls.restore({ calls: [kept], isRecent: true }).then(() => 'restored');
  while (world.clock.now() < knownAtMs + 10_000) {
    await new Promise(setImmediate);
    world.clock.advance(500);
  }

  expect(await Promise.race([restored, Promise.resolve('not restored')])).toBe('restored');
  const device = await world.device('carol');
  const resume = { callId: 'kept', resumeToken: tokens.present, sequence: 0 };
  expect(await world.ask(device, 'resume', resume)).toMatchObject({ action: 'rejoin' });
});
