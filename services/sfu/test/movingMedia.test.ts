import { rm, symlink, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@parley/kit';
import { locateWorker } from '@parley/setup';
import { afterEach, describe, expect, it } from 'vitest';
import type { MediaWorker } from '../src/workers/MediaWorker.ts';
import { burden } from './support/burden.ts';
import { FakeClock } from './support/FakeClock.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';
import { opusParameters } from './support/rtpParameters.ts';
import { busiestOf, killWorker } from './support/mediaWorkers.ts';

/** No measurement of its own comes between those of a test. */
const noBeats = { beatMs: 3_600_000 };

let world: MediaWorld;
let call: PlainCall;
let alice: PlainParticipant;
let bob: PlainParticipant;

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

async function meet(...options: Parameters<typeof startMediaWorld>): Promise<void> {
  world = await startMediaWorld(...options);
  call = await world.createCall();
  alice = await call.join('alice');
  bob = await call.join('bob');
}

describe('sound', () => {
  it('is forwarded to everybody else without having been asked for, to those who come later as well', async () => {
    await meet();
    const producerId = await alice.produce('microphone');
    await bob.hears(producerId);
    const carol = await call.join('carol');
    await carol.hears(producerId);
    const answer = await carol.produce('microphone');

    await Promise.all([alice.hears(answer), bob.hears(answer)]);
    expect(carol.media.parameters.consumers.map((consumer) => consumer.producerId)).toEqual([producerId]);
  });
});

describe('the calls of a worker that has died', () => {
  it('go to different ones of those that are left, though one of these has a little less to do', async () => {
    world = await startMediaWorld({ ...noBeats, workerCount: 3 }, { random: () => 0 });
    const [lost, one, other] = world.pool.workers as [MediaWorker, MediaWorker, MediaWorker];
    burden(one, 0.5);
    burden(other, 0.5);
    const calls: PlainCall[] = [];
    for (let count = 0; count < 4; count += 1) {
      calls.push(await world.createCall());
      await calls.at(-1)?.join('alice');
    }
    burden(one, 0.3);
    burden(other, 0.305);
    await killWorker(lost);
    await Promise.all(calls.map((each) => each.allReset(1)));

    // Two routers each, with two transports.
    expect([one.open, other.open]).toEqual([6, 6]);
    expect(one.expectedLoad + other.expectedLoad).toBeCloseTo(0.605 + 0.04);
  });
});

describe('pictures', () => {
  it('come with the entrance, as many as are expected, screens first', async () => {
    await meet();
    await alice.produce('camera');
    const screen = await alice.produce('screen');
    const camera = await bob.produce('camera');
    const carol = await call.join('carol', { expectedVideos: 2 });

    expect(carol.media.parameters.consumers.map(({ producerId }) => producerId)).toEqual([screen, camera]);
    await Promise.all([carol.hears(screen), carol.hears(camera)]);
  });
});

describe('a stream that is asked for', () => {
  it('and is not sent at the moment comes by itself, and is not said to be unavailable', async () => {
    await meet();
    const [own, lost] = [await bob.produce('camera'), await alice.produce('screen')];
    alice.mayRebuild = false;
    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);

    expect(await bob.media.consume([lost, own])).toEqual({ consumers: [], unavailable: [own] });
    await alice.produceAgain();
    await bob.hears(lost);
  });
});

describe('the death of a worker under a call', () => {
  it('leaves every stream its id and has it flow again to all who received it', async () => {
    await meet();
    const sound = await alice.produce('microphone');
    const picture = await alice.produce('camera');
    const answer = await bob.produce('microphone');
    await bob.show(picture);
    await Promise.all([bob.hears(sound), bob.hears(picture), alice.hears(answer)]);

    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);
    await Promise.all([bob.hears(sound), bob.hears(picture), alice.hears(answer)]);

    expect([alice.producerOf('microphone'), alice.producerOf('camera')]).toEqual([sound, picture]);
    expect([alice.closed, bob.closed]).toEqual([[], []]);
  });

  it('waits for the one that takes its place when there is no other, and so does whoever enters', async () => {
    await meet({ workerCount: 1 });
    const sound = await alice.produce('microphone');
    await killWorker(busiestOf(world.pool.workers));
    const carol = await call.join('carol');

    await Promise.all([bob.hears(sound), carol.hears(sound)]);
    expect([alice.resets, bob.resets, carol.resets]).toEqual([1, 1, 0]);
  });

  it('leaves nothing of the old transports to produce over', async () => {
    await meet();
    const transportId = alice.media.parameters.sendTransport.id;
    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);

    await expect(
      alice.media.produce({
        transportId,
        source: 'microphone',
        rtpParameters: opusParameters(),
        paused: false,
      }),
    ).rejects.toMatchObject({ code: 'invalid_state' });
  });

  it('has who produces meanwhile hear of the new transports before hearing that the old ones are gone', async () => {
    await meet({ workerCount: 1 });
    const { id: transportId } = alice.media.parameters.sendTransport;
    /** With what, and after how many resets, it is refused. */
    const refusal = async (): Promise<unknown> => {
      const options = { source: 'microphone', rtpParameters: opusParameters(), paused: false } as const;
      const refused = await alice.media.produce({ transportId, ...options }).catch((error: unknown) => error);

      return [refused, alice.resets];
    };
    const worker = busiestOf(world.pool.workers);
    process.kill(worker.pid, 'SIGSTOP');
    const onItsWay = refusal();
    await killWorker(worker);
    const refusals = await Promise.all([onItsWay, refusal()]);

    expect(refusals).toEqual(refusals.map(() => [expect.objectContaining({ code: 'invalid_state' }), 1]));
  });

  it('keeps what was not consumed yet for the moment it is sent again', async () => {
    await meet();
    const picture = await alice.produce('camera');
    bob.mayRebuild = alice.mayRebuild = false;
    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);

    expect(await bob.show(picture)).toEqual([]);
    await alice.produceAgain();
    await bob.hears(picture);
  });

  it('takes nobody along who has left meanwhile', async () => {
    await meet({ workerCount: 1 });
    await killWorker(busiestOf(world.pool.workers));
    bob.media.close();
    call.participants.delete('bob');
    await call.allReset(1);

    expect(bob.resets).toBe(0);
    // One router with Alice's two transports.
    expect(busiestOf(world.pool.workers).open).toBe(3);
  });

  it('ends the call as media_unstable when what had just begun in it is sent again and the next one dies', async () => {
    const clock = new FakeClock();
    await meet({}, { clock });
    const sound = await alice.produce('microphone');
    clock.advance(9_999);
    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);
    await bob.hears(sound);
    clock.advance(9_999);
    await killWorker(busiestOf(world.pool.workers));

    expect(await call.lost).toBe('media_unstable');
    expect(world.pool.workers.map(({ open }) => open)).toEqual(world.pool.workers.map(() => 0));
  });

  it('does not end a call that has begun nothing, however many die and however soon', async () => {
    const clock = new FakeClock();
    await meet({}, { clock });
    const sound = await alice.produce('microphone');
    clock.advance(10_000);
    for (const deaths of [1, 2, 3, 4]) {
      await killWorker(busiestOf(world.pool.workers));
      await call.allReset(deaths);
      await bob.hears(sound);
    }

    expect([alice.producerOf('microphone'), alice.resets]).toEqual([sound, 4]);
  });

  it('is forgiven when the last one was half a minute ago', async () => {
    const clock = new FakeClock();
    await meet({}, { clock });
    const sound = await alice.produce('microphone');
    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);
    await bob.hears(sound);
    clock.advance(30_000);
    await alice.produce('camera');
    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(2);
    await bob.hears(sound);

    expect(alice.producerOf('microphone')).toBe(sound);
  });

  it('ends the call as media_failed when no worker takes its place in five seconds', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-workers-'));
    const workerBin = join(folder, 'worker');
    await symlink(await locateWorker(), workerBin);
    const clock = new FakeClock();
    await meet({ workerCount: 1, workerBin, clock });
    await rm(folder, { recursive: true });
    await killWorker(busiestOf(world.pool.workers));
    // One attempt to start another waits for its time, and the call for its.
    await expect.poll(() => clock.pending).toBe(2);
    clock.advance(5_000);

    expect(await call.lost).toBe('media_failed');
  });
});

describe('a stream that was sent before the process was restarted', () => {
  it('keeps its id when it is produced again, and reaches those who asked for it meanwhile', async () => {
    await meet();
    const known = { id: 'known-before', source: 'camera', paused: false } as const;
    const carol = await call.join('carol', { producers: [known] });
    expect(await bob.show(known.id)).toEqual([]);

    expect(await carol.produce('camera')).toBe(known.id);
    await bob.hears(known.id);
  });

  it('reaches who was back, and asked for it, before its sender was', async () => {
    await meet();
    const known = { id: 'known-before', source: 'camera', paused: false } as const;
    expect(await bob.media.consume([known.id])).toEqual({ consumers: [], unavailable: [] });
    const carol = await call.join('carol', { producers: [known] });

    await carol.produce('camera');
    await bob.hears(known.id);
  });
});

describe('draining a worker', () => {
  it('takes its calls to others before it is closed, and nobody is told that a stream is gone', async () => {
    await meet();
    const sound = await alice.produce('microphone');
    await bob.hears(sound);
    const worker = busiestOf(world.pool.workers);
    const empty = await world.createCall();
    await world.media.drain(worker.pid);
    await Promise.all([bob.hears(sound), (await empty.join('dave')).produce('microphone')]);

    expect(alice.producerOf('microphone')).toBe(sound);
    expect([alice.resets, bob.resets]).toEqual([1, 1]);
    expect([alice.closed, bob.closed]).toEqual([[], []]);
    expect(world.pool.workers).not.toContain(worker);
    expect(world.pool.workers).toHaveLength(2);
  });

  it('counts those who come once, in what their next worker is expected to have to do', async () => {
    await meet(noBeats);
    const [worker, other] = world.pool.workers as [MediaWorker, MediaWorker];
    const from = busiestOf([worker, other]);
    burden(worker, 0);
    burden(other, 0);
    await world.media.drain(from.pid);

    const loads = world.pool.workers.map(({ expectedLoad }) => expectedLoad);
    expect(loads.toSorted((one, two) => one - two)).toEqual([0, expect.closeTo(0.02)]);
  });
});

describe('a worker above its limit', () => {
  it('is relieved of one call in five seconds', async () => {
    const clock = new FakeClock();
    world = await startMediaWorld(noBeats, { clock });
    const [full, other] = world.pool.workers as [MediaWorker, MediaWorker];
    burden(other, 0.5);
    const alices: PlainParticipant[] = [];
    for (let count = 0; count < 3; count += 1) {
      alices.push(await (await world.createCall()).join('alice'));
    }
    const moved = (): number => alices.filter(({ resets }) => resets === 1).length;
    burden(other, 0);
    burden(full, 0.9);
    await expect.poll(moved).toBe(1);
    expect(other.expectedLoad).toBeCloseTo(0.01);
    burden(other, 0.1);
    clock.advance(4_999);
    burden(full, 0.8);
    expect(other.open).toBe(3);

    clock.advance(1);
    burden(full, 0.8);
    await expect.poll(moved).toBe(2);
    clock.advance(5_000);
    burden(full, 0.66);
    expect([full.open, other.open]).toEqual([3, 6]);
  });
});

describe('whoever is on hold', () => {
  it('neither sends nor receives, and does both again afterwards as before', async () => {
    await meet({ workerCount: 1 });
    const [sound, answer] = [await alice.produce('microphone'), await bob.produce('microphone')];
    await Promise.all([bob.hears(sound), alice.hears(answer)]);
    await alice.media.setOnHold(true);
    const carol = await call.join('carol');
    await carol.hears(answer);
    expect([await silence(bob, sound), await silence(alice, answer)]).toEqual([true, true]);

    await alice.media.setOnHold(false);
    await Promise.all([bob.hears(sound), carol.hears(sound), alice.hears(answer)]);
  });

  /** Whether nothing of it arrives while others are heard. */
  async function silence(listener: PlainParticipant, producerId: string): Promise<boolean> {
    const before = listener.packetsOf(producerId);
    const other = await call.join(`witness-${systemClock.now()}`);
    const voice = await other.produce('microphone');
    for (let heard = 0; heard < 5; heard += 1) {
      await bob.hears(voice);
    }

    return listener.packetsOf(producerId) === before;
  }
});
