import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaWorker } from '../src/workers/MediaWorker.ts';
import { burden } from './support/burden.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';

let world: MediaWorld;
let call: PlainCall;
let worker: MediaWorker;
let alice: PlainParticipant;
let bob: PlainParticipant;
let carol: PlainParticipant;

beforeEach(async () => {
  world = await startMediaWorld(
    { beatMs: 3_600_000, workerCount: 1 },
    { loadLimits: { fewerVideos: 2 }, limits: { consumers: 5, encodings: 2 } },
  );
  call = await world.createCall();
  [worker] = world.pool.workers as [MediaWorker];
  alice = await call.join('alice');
  bob = await call.join('bob');
  carol = await call.join('carol');
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** What Carol is shown, large or small. */
async function show(producerId: string, height: number): Promise<void> {
  const [consumer] = await carol.show(producerId);
  if (consumer !== undefined) {
    await carol.media.setViewports([{ consumerId: consumer.id, width: height, height }]);
  }
}

const shown = (): string[] => carol.media.parameters.consumers.map(({ producerId }) => producerId);

describe('a worker with too much to do', () => {
  it('forwards fewer videos first, the screen and the large ones, and all of them again later', async () => {
    const [small, large] = [await alice.produce('camera'), await bob.produce('camera')];
    const screen = await alice.produce('screen');
    await show(small, 90);
    await show(large, 720);
    await show(screen, 90);
    await expect.poll(shown).toEqual([small, large, screen]);

    burden(worker, 0.8);
    expect(shown()).toEqual([large, screen]);
    expect(carol.closed).toHaveLength(1);
    burden(worker, 0.5);
    await carol.hears(small);
    await expect.poll(shown).toEqual([small, large, screen]);
  });

  it('makes whoever asks for one video more than that wait for it, and does not refuse them', async () => {
    const cameras = [await alice.produce('camera'), await bob.produce('camera')];
    const screen = await alice.produce('screen');
    burden(worker, 0.8);
    await show(screen, 720);
    for (const camera of cameras) {
      await show(camera, 720);
    }
    expect(shown()).toHaveLength(2);

    burden(worker, 0.5);
    await Promise.all([screen, ...cameras].map((producerId) => carol.hears(producerId)));
  });

  it('gives nobody a new video next, and says when to ask again', async () => {
    const [camera, other] = [await alice.produce('camera'), await bob.produce('camera')];
    await show(camera, 720);
    burden(worker, 0.87);

    await expect(carol.media.consume([other])).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterSeconds: expect.any(Number),
    });
    expect((await carol.media.consume([camera])).consumers).toHaveLength(1);
    const dave = await call.join('dave', { expectedVideos: 2 });
    expect(dave.media.parameters.consumers).toEqual([]);
  });

  it('lets nobody in last, and says when to come again; who is in stays', async () => {
    const sound = await alice.produce('microphone');
    burden(worker, 0.95);

    const refusal = { code: 'unavailable', retryAfterSeconds: expect.any(Number) };
    await expect(call.join('dave')).rejects.toMatchObject(refusal);
    await expect(world.createCall()).rejects.toMatchObject(refusal);
    await carol.hears(sound);
    burden(worker, 0.5);
    await call.join('dave');
  });
});

describe('the limits of a participant', () => {
  it('are so many streams received at a time', async () => {
    const others = await Promise.all(['dave', 'eve', 'frank', 'grace'].map((id) => call.join(id)));
    const cameras = await Promise.all([alice, bob, ...others].map((other) => other.produce('camera')));

    await expect(carol.media.consume(cameras)).rejects.toMatchObject({ code: 'invalid_state' });
    expect((await carol.media.consume(cameras.slice(0, 5))).consumers).toHaveLength(5);
  });

  it('are one stream of each source and so many layers of it', async () => {
    await alice.produce('camera');
    await expect(alice.produce('camera')).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(bob.produce('camera', 'video/VP8', 3)).rejects.toMatchObject({ code: 'invalid_request' });
    expect(await bob.produce('camera', 'video/VP8', 2)).toBeTypeOf('string');
  });
});
