import { afterEach, beforeEach, expect, it } from 'vitest';
import { startMediaWorld, type MediaWorld } from './support/mediaWorld.ts';
import { busiestOf, killWorker } from './support/mediaWorkers.ts';

let world: MediaWorld;

beforeEach(async () => {
  world = await startMediaWorld();
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

it('whoever is on hold while their media is moved is not heard afterwards until they go on', async () => {
  const call = await world.createCall();
  const [held, listener] = [await call.join('held'), await call.join('listener')];
  const witness = await call.join('witness');
  const [sound, voice] = [await held.produce('microphone'), await witness.produce('microphone')];
  await Promise.all([listener.hears(sound), listener.hears(voice)]);
  await held.hold(true);

  held.mayRebuild = false;
  await killWorker(busiestOf(world.pool.workers));
  await call.allReset(1);
  // As a client does it, which does not know what a hold makes of its microphone.
  await held.play(held.media.parameters.consumers);
  await held.produceAgain();
  const before = listener.packetsOf(sound);
  for (let heard = 0; heard < 5; heard += 1) {
    await listener.hears(voice);
  }
  expect(listener.packetsOf(sound)).toBe(before);

  await held.hold(false);
  await Promise.all([listener.hears(sound), held.hears(voice)]);
});
