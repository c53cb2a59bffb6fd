import { expect, it } from 'vitest';
import { startMediaWorld } from './support/mediaWorld.ts';

/** Chromium drops a request that follows another sooner than that. */
const heededAfterMs = 300;

it('those who begin to watch one after another share requests of key frames, none of which is in vain', async () => {
  await using world = await startMediaWorld({ workerCount: 1 });
  const call = await world.createCall();
  const alice = await call.join('alice');
  const picture = await alice.produce('camera');
  const viewers = await Promise.all(['bob', 'carol', 'dave', 'eve', 'frank'].map((id) => call.join(id)));
  for (const viewer of viewers) {
    await viewer.show(picture);
    await viewer.hears(picture);
  }

  await expect.poll(() => alice.keyFrameRequestsAtMs.length).toBeGreaterThan(0);
  const pauses = alice.keyFrameRequestsAtMs.flatMap(
    (atMs, index, all) => atMs - (all[index - 1] ?? -Infinity),
  );
  expect(Math.min(...pauses)).toBeGreaterThan(heededAfterMs);
});
