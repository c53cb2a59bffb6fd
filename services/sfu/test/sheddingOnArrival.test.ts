import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaWorker } from '../src/workers/MediaWorker.ts';
import { burden } from './support/burden.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import { killWorker } from './support/mediaWorkers.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';

let world: MediaWorld;
let call: PlainCall;
let home: MediaWorker;
let other: MediaWorker;
let alice: PlainParticipant;
let bob: PlainParticipant;
let pictures: string[];

/** Two cameras and a screen, in a call on the one worker while the other has more to do. */
beforeEach(async () => {
  world = await startMediaWorld({ beatMs: 3_600_000 }, { loadLimits: { fewerVideos: 2 } });
  [home, other] = world.pool.workers as [MediaWorker, MediaWorker];
  burden(other, 0.8);
  call = await world.createCall();
  [alice, bob] = [await call.join('alice'), await call.join('bob')];
  pictures = [await alice.produce('camera'), await alice.produce('screen'), await bob.produce('camera')];
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

describe('a worker that forwards fewer videos', () => {
  it('forwards no more than those to whoever comes to it', async () => {
    expect((await call.join('carol', { expectedVideos: 3 })).media.parameters.consumers).toHaveLength(3);
    burden(home, 0.8);

    expect((await call.join('dave', { expectedVideos: 3 })).media.parameters.consumers).toHaveLength(2);
  });

  it('forwards no more than those to whoever is moved to it', async () => {
    const carol = await call.join('carol', { expectedVideos: 3 });
    expect(carol.media.parameters.consumers).toHaveLength(3);
    alice.mayRebuild = bob.mayRebuild = false;
    await killWorker(home);
    await call.allReset(1);
    await Promise.all([alice.produceAgain(), bob.produceAgain()]);

    // Answered when there is a consumer for each that there is to be one for.
    expect((await carol.media.consume(pictures)).consumers).toHaveLength(2);
  });
});
