import { createDeferred } from '@parley/kit';
import { expect, it } from 'vitest';
import { startMediaWorld } from './support/mediaWorld.ts';

it('whose packets do not all arrive at the worker is told, and nobody whose do', async () => {
  await using world = await startMediaWorld();
  const told = createDeferred<readonly string[]>();
  const call = await world.createCall({ onWeakSenders: (ids) => told.resolve(ids) });
  const [alice, bob] = [await call.join('alice'), await call.join('bob')];
  alice.losesEvery = 4;

  // Those in several encodings come with sender reports, with which mediasoup scores them.
  await Promise.all([alice, bob].map((participant) => participant.produce('camera', 'video/VP8', 2)));

  expect(await told.promise).toEqual(['alice']);
}, 60_000);
