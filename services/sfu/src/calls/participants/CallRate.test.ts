import type { RequestData, RequestName } from '@parley/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { opusParameters } from '../../../test/support/rtpParameters.ts';

const stream = { transportId: 'transport', rtpParameters: opusParameters() };

let world: CallWorld;
let bob: FakeDevice;
let callId: string;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom({ maxParticipants: 1_000 });
  bob = await world.device('bob');
  callId = (await world.enterRoom(bob)).call.id;
});

/** How often the device may do it one after the other. */
async function count<Name extends RequestName>(
  device: FakeDevice,
  name: Name,
  data: RequestData<Name>,
): Promise<number> {
  let done = 0;
  while (done < 5_000 && (await codeOf(world.ask(device, name, data))) !== 'too_many_requests') {
    done += 1;
  }

  return done;
}

async function enter(userId: string): Promise<FakeDevice> {
  const device = await world.device(userId);
  await world.enterRoom(device);
  world.clock.advance(10);

  return device;
}

describe('what everybody in a call is told', () => {
  it('is of one user by twenty devices no more than a tenth of what it may be, and nobody else is refused', async () => {
    const mallory = await Promise.all(Array.from({ length: 20 }, () => enter('mallory')));
    const text = '中'.repeat(2_000);
    let chats = 0;
    for (const device of mallory) {
      chats += await count(device, 'sendChat', { callId, text });
    }

    // 6 KB each, of 100 KB at once.
    expect(chats).toBe(16);
    expect(bob.heard('chatSent')).toHaveLength(chats);
    await world.ask(bob, 'sendChat', { callId, text: 'Hello' });
    world.clock.advance(1_000);
    expect(await count(mallory[0] as FakeDevice, 'sendReaction', { callId, reaction: '👍' })).toBe(58);
  });

  it('costs one user more the more there are who are told, and the others no more', async () => {
    for (let index = 0; index < 99; index += 1) {
      await enter(`user-${index}`);
    }
    const carol = await enter('carol');

    // 200 units at once, of which each is 101 / 50 in a call of so many.
    expect(await count(bob, 'sendReaction', { callId, reaction: '👍' })).toBe(99);
    expect(await count(carol, 'sendReaction', { callId, reaction: '👍' })).toBe(99);
  });

  it('is refused beyond four seconds of the rate of a whole call, but for what ends something', async () => {
    const { producerId } = await world.ask(bob, 'produce', {
      ...stream,
      callId,
      source: 'microphone',
      paused: false,
    });
    await world.ask(bob, 'raiseHand', { callId });
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, index) => enter(`user-${index}`)));
    world.clock.advance(4_000);
    const reactions: number[] = [];
    for (const device of crowd) {
      reactions.push(await count(device, 'sendReaction', { callId, reaction: '👍' }));
    }

    expect(reactions.reduce((sum, each) => sum + each)).toBe(2_000);
    const outcomes = [
      world.ask(bob, 'sendChat', { callId, text: 'Hello' }),
      world.ask(bob, 'produce', { ...stream, callId, source: 'camera', paused: false }),
      world.ask(bob, 'setCustomData', { callId, items: { key: 'value' } }),
      world.ask(bob, 'pauseProducer', { callId, producerId }),
      world.ask(bob, 'lowerHand', { callId }),
    ];
    expect(await Promise.all(outcomes.map(codeOf))).toEqual([
      'too_many_requests',
      'too_many_requests',
      'too_many_requests',
      undefined,
      undefined,
    ]);
    expect(await codeOf(world.ask(bob, 'resumeProducer', { callId, producerId }))).toBe('too_many_requests');
    expect(await codeOf(world.ask(bob, 'closeProducer', { callId, producerId }))).toBeUndefined();
  });

  it('is told of who goes on after a hold, or is given a role, only as long as it may be, and else always', async () => {
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, index) => enter(`user-${index}`)));
    const [carol, ...others] = crowd as [FakeDevice, ...FakeDevice[]];
    await world.putRoom({ maxParticipants: 1_000, roster: { bob: 'presenter' }, access: 'open' });
    const participantId = world.calls.participation(carol, callId).participant.id;
    const give = (role: 'presenter' | 'attendee') =>
      codeOf(world.ask(bob, 'changeRole', { callId, participantId, role }));
    expect(await give('presenter')).toBeUndefined();
    await world.ask(carol, 'holdCall', { callId });
    for (const device of others) {
      await count(device, 'sendReaction', { callId, reaction: '👍' });
    }

    expect(await give('attendee')).toBeUndefined();
    expect(await give('presenter')).toBe('too_many_requests');
    expect(await codeOf(world.ask(carol, 'unholdCall', { callId }))).toBe('too_many_requests');
    expect(await codeOf(world.ask(bob, 'holdCall', { callId }))).toBeUndefined();
  });

  it('is the sound of a screen, begun over and over, for each of an audience and not for one', async () => {
    const listeners = await Promise.all(Array.from({ length: 198 }, (_, index) => enter(`user-${index}`)));
    const mallory = await Promise.all([enter('mallory'), enter('mallory')]);
    for (const device of mallory) {
      await world.ask(device, 'produce', { ...stream, callId, source: 'screen', paused: false });
    }
    world.clock.advance(10_000);
    let begun = 0;
    // Ten seconds, sixteen times a second.
    for (let index = 0; index < 160; index += 1) {
      const device = mallory[index % 2] as FakeDevice;
      const request = { ...stream, callId, source: 'screenAudio', paused: false } as const;
      const producing = world.ask(device, 'produce', request).catch(() => undefined);
      const producerId = (await producing)?.producerId;
      if (producerId !== undefined) {
        begun += 1;
        await world.ask(device, 'closeProducer', { callId, producerId });
      }
      world.clock.advance(1_000 / 16);
    }

    // Of two hundred units two beginnings at once, then one in two seconds.
    expect(begun).toBe(6);
    const honest = listeners[0] as FakeDevice;
    await world.ask(honest, 'produce', { ...stream, callId, source: 'screen', paused: false });
    await world.ask(honest, 'produce', { ...stream, callId, source: 'screenAudio', paused: false });
  });

  it('is not told again of a stream that is paused already', async () => {
    const alice = await enter('alice');
    const { producerId } = await world.ask(alice, 'produce', {
      ...stream,
      callId,
      source: 'microphone',
      paused: false,
    });
    await world.ask(alice, 'pauseProducer', { callId, producerId });
    await world.ask(alice, 'pauseProducer', { callId, producerId });

    expect(bob.heard('producerPaused')).toHaveLength(1);
  });

  it('is never refused to 250 people who each do something every second', async () => {
    const crowd: FakeDevice[] = [];
    for (let index = 1; index < 250; index += 1) {
      const device = await enter(`user-${index}`);
      crowd.push(device);
      await world.ask(device, 'produce', { ...stream, callId, source: 'microphone', paused: false });
      await world.ask(device, 'produce', { ...stream, callId, source: 'camera', paused: false });
    }
    for (let second = 0; second < 3; second += 1) {
      await Promise.all(crowd.map((device) => world.ask(device, 'sendReaction', { callId, reaction: '👏' })));
      world.clock.advance(1_000);
    }

    expect(bob.heard('reactionSent')).toHaveLength(3 * 249);
  });
});
