import { standardCallSettings } from '@parley/protocol';
import { beforeEach, expect, it } from 'vitest';
import { createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { keptCall, keptParticipant } from '../../../test/support/keptCalls.ts';
import { ResumeTokens } from './ResumeTokens.ts';

let world: CallWorld;
let tokens: ResumeTokens;

/** Of a group call that Carol alone was left in, another process goes on. */
beforeEach(async () => {
  world = await createCallWorld();
  tokens = new ResumeTokens();
  const settings = { ...standardCallSettings, aloneTimeoutSeconds: 5 };
  const kept = keptCall([keptParticipant('carol', tokens)], { kind: 'group', settings });
  await world.calls.restore({ calls: [kept], isRecent: true });
});

async function comeBack(): Promise<FakeDevice> {
  const device = await world.device('carol');
  await world.ask(device, 'resume', { callId: 'kept', resumeToken: tokens.present, sequence: 0 });

  return device;
}

const endOf = (device: FakeDevice) => device.heard('callEnded').map(({ reason }) => reason);

it('somebody who was alone in a group call when the process was lost is alone in it for no longer than it says', async () => {
  const carol = await comeBack();
  world.clock.advance(4_999);
  expect(endOf(carol)).toEqual([]);
  world.clock.advance(1);

  expect(endOf(carol)).toEqual(['alone']);
  expect([world.media.open, world.clock.pending]).toEqual([0, 0]);
});

it('a call that goes on after the process is in the directory of calls again before anybody has come back', async () => {
  await expect
    .poll(() => world.backplane.callDirectory.find('app', 'kept'))
    .toMatchObject({ callId: 'kept', nodeId: 'node', userIds: ['carol'] });
});
