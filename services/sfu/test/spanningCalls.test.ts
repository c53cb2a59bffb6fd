import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediaWorker } from '../src/workers/MediaWorker.ts';
import { burden } from './support/burden.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';

let world: MediaWorld;
let call: PlainCall;
let home: MediaWorker;
let away: MediaWorker;
let alice: PlainParticipant;
let bob: PlainParticipant;
let barred: (readonly [string, string])[];
let wanted: (readonly [string, readonly boolean[]])[];

/** Alice on one worker, which has too much to do then, and Bob on the other. */
beforeEach(async () => {
  world = await startMediaWorld({ beatMs: 3_600_000, hasAv1: true });
  wanted = [];
  barred = [];
  call = await world.createCall({
    onStreamBarred(participantId, producerId) {
      barred.push([participantId, producerId]);
      call.participants.get(participantId)?.media.closeProducer(producerId);
    },
    onEncodingsWanted: (_participantId, producerId, encodings) => wanted.push([producerId, encodings]),
  });
  alice = await call.join('alice');
  [home, away] = world.pool.workers.toSorted((one, other) => other.open - one.open) as [
    MediaWorker,
    MediaWorker,
  ];
  burden(home, 0.7);
  bob = await call.join('bob');
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Somebody on Alice's worker, which has less to do for the moment. */
async function callAtHome(id: string): Promise<PlainParticipant> {
  burden(home, 0.1);
  burden(away, 0.7);
  const participant = await call.join(id);
  expect(home.open).toBe(5);

  return participant;
}

/** One router and two transports for each participant, beside the pipes. */
function pipeEnds(): number[] {
  return [home, away].map(({ open }) => open - 3);
}

describe('a call that outgrows its worker', () => {
  it('goes over to another one, and streams cross both ways', async () => {
    expect(pipeEnds()).toEqual([0, 0]);
    const [sound, answer] = [await alice.produce('microphone'), await bob.produce('microphone')];

    await Promise.all([bob.hears(sound), alice.hears(answer)]);
  });

  it('pipes a picture when somebody over there wants it, and not a moment longer than they do', async () => {
    const picture = await alice.produce('camera');
    expect(pipeEnds()).toEqual([0, 0]);
    const shown = await bob.show(picture);
    await bob.hears(picture);
    expect(pipeEnds()).toEqual([1, 1]);

    bob.media.closeConsumers(shown.map(({ id }) => id));
    await expect.poll(pipeEnds).toEqual([0, 0]);
    await bob.show(picture);
    await bob.hears(picture);
  });

  it('needs no second pipe for a second stream, nor a second copy for a second viewer', async () => {
    const [camera, screen] = [await alice.produce('camera'), await alice.produce('screen')];
    const carol = await call.join('carol');
    const shown = await Promise.all([bob.show(camera), bob.show(screen), carol.show(camera)]);
    await Promise.all([bob.hears(camera), bob.hears(screen), carol.hears(camera)]);
    expect([home.open, away.open]).toEqual([4, 6]);

    bob.media.closeConsumers(shown.slice(0, 2).flatMap((consumers) => consumers.map(({ id }) => id)));
    await carol.hears(camera);
    expect([home.open, away.open]).toEqual([4, 6]);
    carol.media.close();
    await expect.poll(pipeEnds).toEqual([0, 0]);
  });

  it('pipes every encoding, so that each worker forwards what is wanted there, and wants count wherever they are', async () => {
    const dora = await callAtHome('dora');
    const picture = await alice.produce('camera', 'video/VP8', 3);
    const [[there], [here]] = [await bob.show(picture), await dora.show(picture)];
    const layerOf = ({ heard }: PlainParticipant) => heard.at(-1)?.layer;
    await bob.media.setViewports([{ consumerId: there?.id ?? '', width: 1280, height: 720 }]);
    await dora.media.setViewports([{ consumerId: here?.id ?? '', width: 240, height: 135 }]);

    await expect.poll(() => [layerOf(bob), layerOf(dora)], { timeout: 5_000 }).toEqual([2, 0]);
    await bob.media.setViewports([{ consumerId: there?.id ?? '', width: 640, height: 360 }]);
    await expect.poll(() => layerOf(bob), { timeout: 5_000 }).toBe(1);
    // Until then all were wanted, of which nobody is told.
    await expect.poll(() => wanted, { timeout: 5_000 }).toEqual([[picture, [true, true, false]]]);
    expect(layerOf(dora)).toBe(0);
  });

  it('closes the pipe with the stream, and gives up its site with the last one there', async () => {
    const sound = await alice.produce('microphone');
    await bob.hears(sound);
    alice.media.closeProducer(sound);
    await expect.poll(pipeEnds).toEqual([0, 0]);

    bob.media.close();
    expect([home.open, away.open]).toEqual([3, 0]);
  });

  it('carries no stream over that is paused, and goes on when it is resumed', async () => {
    const sound = await alice.produce('microphone');
    await bob.hears(sound);
    await alice.media.pauseProducer(sound);
    const carol = await call.join('carol');
    const voice = await carol.produce('microphone');
    await bob.hears(voice);
    const before = bob.packetsOf(sound);
    await bob.hears(voice);
    expect(bob.packetsOf(sound)).toBe(before);

    await alice.media.resumeProducer(sound);
    await bob.hears(sound);
  });

  it('loses only those on the worker that dies, and their streams come back to the others unasked', async () => {
    const [sound, picture] = [await alice.produce('microphone'), await alice.produce('camera')];
    const answer = await bob.produce('microphone');
    await bob.show(picture);
    await Promise.all([bob.hears(sound), bob.hears(picture), alice.hears(answer)]);
    const before = bob.media.parameters.consumers.map(({ id }) => id);
    process.kill(home.pid, 'SIGKILL');
    await expect.poll(() => alice.resets).toBe(1);
    await Promise.all([bob.hears(sound), bob.hears(picture), alice.hears(answer)]);

    expect(bob.resets).toBe(0);
    expect(new Set(bob.closed)).toEqual(new Set(before));
    expect([alice.producerOf('microphone'), alice.producerOf('camera')]).toEqual([sound, picture]);
  });

  it('does not go over while it has AV1, which comes out of no pipe', async () => {
    bob.media.close();
    call.participants.delete('bob');
    const picture = await alice.produce('camera', 'video/AV1');
    const carol = await call.join('carol');
    await carol.show(picture);
    await carol.hears(picture);

    expect(away.open).toBe(0);
  });

  it('goes over without its AV1 rather than turning somebody away from a worker that is full', async () => {
    bob.media.close();
    call.participants.delete('bob');
    const [sound, picture] = [await alice.produce('microphone'), await alice.produce('camera', 'video/AV1')];
    burden(home, 1);
    const carol = await call.join('carol');
    await carol.hears(sound);

    expect(away.open).toBeGreaterThan(0);
    expect(barred).toEqual([['alice', picture]]);
    expect(await alice.produce('camera')).not.toBe(picture);
  });

  it('leaves AV1 out for those on the other worker when it was there first', async () => {
    const picture = await alice.produce('camera', 'video/AV1');

    expect(await bob.show(picture)).toEqual([]);
    expect(pipeEnds()).toEqual([0, 0]);
  });

  it('leaves nothing open when it ends', async () => {
    const sound = await alice.produce('microphone');
    await bob.hears(sound);
    call.media.close();
    // The WebRtcServer, which the worker keeps.
    const left = { channelRequestHandlers: [expect.any(String)], channelNotificationHandlers: [] };

    expect([home.open, away.open]).toEqual([0, 0]);
    for (const worker of [home, away]) {
      expect(await worker.dump()).toMatchObject({ routerIds: [], channelMessageHandlers: left });
    }
  });
});
