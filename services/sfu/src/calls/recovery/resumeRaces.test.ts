import type { Joined } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { keptCall, keptParticipant } from '../../../test/support/keptCalls.ts';
import { ResumeTokens } from './ResumeTokens.ts';

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let ofBob: Joined;
let callId: string;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom({ roster: { alice: 'presenter' } });
  alice = await world.device('alice');
  bob = await world.device('bob');
  callId = (await world.enterRoom(alice)).call.id;
  ofBob = await world.enterRoom(bob);
});

const resume = (device: FakeDevice) =>
  world.ask(device, 'resume', { callId, resumeToken: ofBob.resumeToken, sequence: ofBob.sequence });

const left = () => alice.heard('participantLeft').map(({ reason }) => reason);

describe('somebody who is removed while their ICE is restarted', () => {
  it('is told so in place of being resumed, has no seat, and leaves no media open', async () => {
    const { pending } = world.clock;
    world.drop(bob);
    const release = world.media.holdRestarts();
    const device = await world.device('bob');
    const resumed = resume(device);
    const { open } = world.media;
    await world.ask(alice, 'removeParticipant', { callId, participantId: ofBob.participantId });
    release();

    expect(await resumed).toEqual({ action: 'stop', reason: 'removed' });
    expect(world.media.open).toBe(open - 1);
    expect(world.calls.takesPart(device)).toBe(false);
    expect(() => world.calls.participation(device, callId)).toThrow('removed');
    expect(world.clock.pending).toBe(pending);
  });
});

describe('a connection that is lost while the ICE of its participant is restarted', () => {
  it('is not seated: nobody is waited for longer than if it had never been there', async () => {
    world.drop(bob);
    world.clock.advance(10_000);
    const release = world.media.holdRestarts();
    const device = await world.device('bob');
    const resumed = codeOf(resume(device));
    world.drop(device);
    release();

    expect(await resumed).toBe('call_not_found');
    world.clock.advance(19_999);
    expect(left()).toEqual([]);
    world.clock.advance(1);
    expect(left()).toEqual(['connection_lost']);
  });
});

describe('somebody who is removed while their media is made anew', () => {
  it('is told so, and leaves none of it open', async () => {
    const [ofCarol, ofDave] = [new ResumeTokens(), new ResumeTokens()];
    await world.calls.restore({
      isRecent: true,
      calls: [
        keptCall([keptParticipant('carol', ofCarol), keptParticipant('dave', ofDave)], { kind: 'group' }),
      ],
    });
    const back = async (userId: string, { present: resumeToken }: ResumeTokens) => {
      const device = await world.device(userId);
      const resumed = world.ask(device, 'resume', { callId: 'kept', resumeToken, sequence: 0 });

      return { device, resumed };
    };
    const carol = await back('carol', ofCarol);
    expect(await carol.resumed).toMatchObject({ action: 'rejoin' });
    const { open } = world.media;
    const release = world.media.holdParticipants();
    const dave = await back('dave', ofDave);
    await world.ask(carol.device, 'removeParticipant', { callId: 'kept', participantId: 'place-of-dave' });
    release();

    expect(await dave.resumed).toEqual({ action: 'stop', reason: 'removed' });
    expect(world.media.open).toBe(open);
  });
});
