import { beforeEach, describe, expect, it } from 'vitest';
import { codeOf, createCallWorld, type CallWorld, type FakeDevice } from '../../../test/support/callWorld.ts';
import { opusParameters } from '../../../test/support/rtpParameters.ts';

const stream = { transportId: 'transport', rtpParameters: opusParameters(), paused: false };

let world: CallWorld;
let alice: FakeDevice;
let bob: FakeDevice;
let callId: string;

beforeEach(async () => {
  world = await createCallWorld();
  await world.putRoom();
  [alice, bob] = [await world.device('alice'), await world.device('bob')];
  callId = (await world.enterRoom(alice)).call.id;
  await world.enterRoom(bob);
});

async function switchOnAndOff(source: 'camera' | 'screen' | 'screenAudio'): Promise<void> {
  const { producerId } = await world.ask(alice, 'produce', { ...stream, callId, source });
  await world.ask(alice, 'closeProducer', { callId, producerId });
}

async function holdAndGoOn(): Promise<void> {
  await world.ask(alice, 'holdCall', { callId });
  await world.ask(alice, 'unholdCall', { callId });
}

describe('a participant', () => {
  it('begins one source twenty times at once, then once in three seconds, and any other all the same', async () => {
    for (let count = 0; count < 20; count += 1) {
      await switchOnAndOff('camera');
      world.clock.advance(10);
    }
    await expect(switchOnAndOff('camera')).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: 3,
    });
    expect(bob.heard('producerAdded')).toHaveLength(20);
    await switchOnAndOff('screen');

    world.clock.advance(3_000);
    await switchOnAndOff('camera');
    expect(await codeOf(switchOnAndOff('camera'))).toBe('too_many_requests');
  });

  it('who switches their camera on every four seconds is never refused', async () => {
    for (let count = 0; count < 100; count += 1) {
      await switchOnAndOff('camera');
      world.clock.advance(4_000);
    }

    expect(bob.heard('producerAdded')).toHaveLength(100);
  });

  it('is not refused what the server has reset, however often that was', async () => {
    await world.ask(alice, 'produce', { ...stream, callId, source: 'camera' });
    for (let count = 0; count < 100; count += 1) {
      world.media.reset();
      await world.ask(alice, 'produce', { ...stream, callId, source: 'camera' });
    }

    expect(bob.heard('producerAdded')).toHaveLength(1);
  });

  it('who holds the call over and over goes on twenty times at once, and is never refused to fall silent', async () => {
    for (let count = 0; count < 20; count += 1) {
      await holdAndGoOn();
      world.clock.advance(100);
    }
    expect(await codeOf(holdAndGoOn())).toBe('too_many_requests');
    expect(bob.heard('holdChanged').at(-1)).toMatchObject({ isOnHold: true });
    expect(bob.heard('holdChanged')).toHaveLength(41);

    world.clock.advance(3_000);
    await world.ask(alice, 'unholdCall', { callId });
  });
});
