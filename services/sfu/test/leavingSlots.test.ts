import { observer, type types } from 'mediasoup';
import type { AudioSlot } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import { FakeClock } from './support/FakeClock.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import { busiestOf, killWorker } from './support/mediaWorkers.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';

let world: MediaWorld;
let call: PlainCall;
let clock: FakeClock;
/** As they were told last. */
let slots: readonly AudioSlot[];
/** What the workers listen with for who speaks. */
let listening: types.RtpObserver[];

const mode = (): string => (call.media as MediasoupCallMedia).forwarding.audio.mode;

beforeEach(async () => {
  clock = new FakeClock();
  slots = [];
  listening = [];
  observer.on('newworker', follow);
  world = await startMediaWorld({}, { clock });
});

afterEach(async () => {
  observer.off('newworker', follow);
  await world[Symbol.asyncDispose]();
});

function follow(worker: types.Worker): void {
  worker.observer.on('newrouter', (router) =>
    router.observer.on('newrtpobserver', (rtpObserver) => listening.push(rtpObserver)),
  );
}

/** One in which the loudest two are heard from the fifth on, and `deaf` opens nothing that comes later. */
async function createCall(): Promise<void> {
  call = await world.createCall(
    {
      onAudioSlots: (told) => (slots = told),
      onConsumersAdded(id, consumers) {
        if (id !== 'deaf') {
          void call.participants.get(id)?.play(consumers);
        }
      },
    },
    { everyoneHeardUpTo: 4, loudestHeard: 2 },
  );
}

async function speaker(id: string): Promise<PlainParticipant> {
  const participant = await call.join(id);
  await participant.produce('microphone');

  return participant;
}

async function speakers(...ids: string[]): Promise<PlainParticipant[]> {
  const joined: PlainParticipant[] = [];
  for (const id of ids) {
    joined.push(await speaker(id));
  }

  return joined;
}

describe('a call that is small again', () => {
  it('waits ten seconds for who does not go back to hearing everyone, and no longer', async () => {
    await createCall();
    const deaf = await call.join('deaf');
    const [, ...others] = await speakers('anna', 'ben', 'carl', 'dora');
    await expect.poll(mode).toBe('slots');
    others.forEach(({ media }) => media.close());
    expect(mode()).toBe('closing');

    clock.advance(9_999);
    expect([mode(), slots.length, deaf.closed]).toEqual(['closing', 3, []]);
    clock.advance(1);
    expect([mode(), slots, deaf.closed.length]).toEqual(['direct', [], 3]);
  });
});

describe('while the loudest are heard', () => {
  it('no worker listens for who speaks, and afterwards they do again', async () => {
    await createCall();
    const all = await speakers('anna', 'ben', 'carl', 'dora', 'erin');
    await expect.poll(mode).toBe('slots');
    const paused = (): boolean[] => listening.map((rtpObserver) => rtpObserver.paused);
    await expect.poll(paused).toEqual([true, true]);

    all.slice(2).forEach(({ media }) => media.close());
    await expect.poll(paused).toEqual([false, false]);
  });

  it('whoever is lost is in no slot any more', async () => {
    await createCall();
    const anna = await speaker('anna');
    const others = await speakers('ben', 'carl', 'dora', 'erin');
    others.forEach((other) => (other.db = 90));
    await expect.poll(mode).toBe('slots');
    const carried = (): (string | undefined)[] => slots.map(({ participantId }) => participantId);
    const tick = setInterval(() => clock.advance(20), 20);
    onTestFinished(() => clearInterval(tick));
    await expect.poll(carried, { timeout: 5_000 }).toContain('anna');

    anna.mayRebuild = false;
    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);
    await expect.poll(carried, { timeout: 5_000 }).not.toContain('anna');
  });
});
