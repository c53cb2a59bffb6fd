import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';

let world: MediaWorld;
let call: PlainCall;
let alice: PlainParticipant;
let bob: PlainParticipant;

beforeEach(async () => {
  world = await startMediaWorld();
  call = await world.createCall();
  alice = await call.join('alice');
  bob = await call.join('bob');
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Kills the worker that most of the calls are on. */
function killBusiest(): void {
  process.kill(busiest().pid, 'SIGKILL');
}

function busiest() {
  return world.pool.workers.reduce((most, worker) => (worker.open > most.open ? worker : most));
}

describe('sound', () => {
  it('is forwarded to everybody else without having been asked for, to those who come later as well', async () => {
    const producerId = await alice.produce('microphone');
    await bob.hears(producerId);
    const carol = await call.join('carol');
    await carol.hears(producerId);
    const answer = await carol.produce('microphone');

    await Promise.all([alice.hears(answer), bob.hears(answer)]);
    expect(carol.media.parameters.consumers.map((consumer) => consumer.producerId)).toEqual([producerId]);
  });
});

describe('the death of a worker under a call', () => {
  it('leaves every stream its id and has it flow again to all who received it', async () => {
    const sound = await alice.produce('microphone');
    const picture = await alice.produce('camera');
    const answer = await bob.produce('microphone');
    await bob.show(picture);
    await Promise.all([bob.hears(sound), bob.hears(picture), alice.hears(answer)]);

    killBusiest();
    await call.allReset(1);
    await Promise.all([bob.hears(sound), bob.hears(picture), alice.hears(answer)]);

    expect([alice.producerOf('microphone'), alice.producerOf('camera')]).toEqual([sound, picture]);
    expect([alice.closed, bob.closed]).toEqual([[], []]);
  });
});
