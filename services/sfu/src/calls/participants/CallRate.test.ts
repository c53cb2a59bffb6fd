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
