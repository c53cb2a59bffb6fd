import { afterEach, expect, it } from 'vitest';
import type { MediaSource } from '@parley/protocol';
import { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import { FakeClock } from './support/FakeClock.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import { killWorker } from './support/mediaWorkers.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';

const steps = 120;
const sources: readonly MediaSource[] = ['microphone', 'camera', 'screen', 'screenAudio'];

let world: MediaWorld;

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** The same numbers for the same seed. */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed;

  return (below) => {
    state = (state * 48_271) % 2_147_483_647;

    return state % below;
  };
}

/** What is asked of media that is being moved at that moment may be refused, with a code that says so. */
const expected = ['invalid_state', 'unavailable', 'not_found', 'call_not_found'];

it.for([1, 2, 3])(
  'whatever happens while workers die and calls are moved, nobody is told of the same transports twice, and nothing is left of it afterwards (%i)',
  async (seed) => {
    const clock = new FakeClock();
    const below = numbersFrom(seed * 7_919);
    world = await startMediaWorld({}, { clock });
    const calls = [await world.createCall(), await world.createCall()];
    const surprises: unknown[] = [];
    // Three workers that die one after another under a move are too many for the call that is being moved.
    const lost = new Set<PlainCall>();
    calls.forEach((one) => void one.lost.then(() => lost.add(one)));
    const running: Promise<unknown>[] = [];
    const joined: PlainParticipant[] = [];
    let names = 0;
    const attempt = (task: Promise<unknown>): void => {
      const outcome = task.catch((error: unknown) => {
        if (!expected.includes((error as { code?: string }).code ?? '')) {
          surprises.push(error);
        }
      });
      running.push(outcome);
    };
    const somebody = (call: PlainCall): PlainParticipant | undefined =>
      [...call.participants.values()][below(Math.max(1, call.participants.size))];

    for (let step = 0; step < steps; step += 1) {
      const call = calls[below(calls.length)] ?? calls[0];
      const who = call === undefined ? undefined : somebody(call);
      const action = below(22);
      if (call === undefined || who === undefined || action < 5) {
        names += 1;
        const joining = call?.join(`p${names}`, { expectedVideos: 2 });
        attempt(joining?.then((participant) => joined.push(participant)) ?? Promise.resolve());
      } else if (action < 11) {
        attempt(who.produce(sources[below(sources.length)] ?? 'camera'));
      } else if (action < 14) {
        const picture = somebody(call)?.producerOf('camera');
        attempt(picture === undefined ? Promise.resolve() : who.show(picture));
      } else if (action < 16) {
        call.participants.delete(who.id);
        who.media.close();
      } else if (action < 17) {
        attempt(who.hold(below(2) === 0));
      } else if (action >= 20) {
        const [from, to] = world.pool.workers.toSorted(() => below(2) - 0.5);
        if (from !== undefined && to !== undefined && call.media instanceof MediasoupCallMedia) {
          // One that fails is tried another time.
          attempt(call.media.move(from, to).catch(() => {}));
        }
      } else {
        clock.advance(30_000);
        const worker = world.pool.workers[below(world.pool.workers.length)];
        if (worker !== undefined && action === 19) {
          attempt(world.media.drain(worker.pid));
        } else if (worker !== undefined) {
          await killWorker(worker);
        }
      }
      if (below(3) > 0) {
        await new Promise(setImmediate);
      } else {
        await Promise.race([running.at(-1), new Promise((resolve) => setTimeout(resolve, 5))]);
      }
    }
    await Promise.all(running);
    const resets = joined.flatMap(({ resetTo }) => resetTo);

    expect(surprises).toEqual([]);
    expect(resets.filter((id, index) => resets.indexOf(id) !== index)).toEqual([]);
    // Whoever is in a call that goes on hears a newcomer: nobody was left behind on the way.
    for (const call of calls.filter((one) => !lost.has(one))) {
      const voice = await call.join('voice');
      const producerId = await voice.produce('screenAudio');
      await Promise.all(
        [...call.participants.values()]
          .filter((listener) => listener !== voice && !listener.isOnHold)
          .map((listener) => listener.hears(producerId)),
      );
      call.media.close();
    }
    await expect
      .poll(() => world.pool.workers.map(({ open }) => open), { timeout: 10_000 })
      .toEqual(world.pool.workers.map(() => 0));
    for (const worker of world.pool.workers) {
      expect((await worker.dump()).routerIds).toEqual([]);
    }
  },
);
