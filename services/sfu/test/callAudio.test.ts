import { createDeferred } from '@parley/kit';
import { contributingSourceOf, type AudioSlot } from '@parley/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MediasoupCallMedia } from '../src/media/MediasoupCallMedia.ts';
import { startMediaWorld, type MediaWorld, type PlainCall } from './support/mediaWorld.ts';
import type { PlainParticipant } from './support/PlainParticipant.ts';

let world: MediaWorld;
let call: PlainCall;
/** As they were told last. */
let slots: readonly AudioSlot[];

beforeEach(async () => {
  world = await startMediaWorld();
  slots = [];
  call = await world.createCall(
    { onAudioSlots: (told) => (slots = told) },
    { everyoneHeardUpTo: 4, loudestHeard: 2 },
  );
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

/** Somebody whose microphone is on; `db` decibels below full scale. */
async function speaker(id: string, db: number): Promise<PlainParticipant> {
  const participant = await call.join(id);
  participant.db = db;
  await participant.produce('microphone');

  return participant;
}

/** How many packets of the sender are missing between those that were heard, at most in a row. */
function longestGap(listener: PlainParticipant, sender: PlainParticipant): number {
  const microphone = sender.producerOf('microphone');
  const indices = listener.heard
    .filter(
      ({ producerId, contributingSource }) =>
        producerId === microphone || contributingSource === contributingSourceOf(sender.id),
    )
    .map(({ index }) => index)
    .toSorted((one, other) => one - other);

  return Math.max(0, ...indices.slice(1).map((index, before) => index - (indices[before] ?? 0) - 1));
}

/** Resolves when the listener hears the speaker by a slot. */
async function hearsBySlot(listener: PlainParticipant, sender: PlainParticipant): Promise<void> {
  const source = contributingSourceOf(sender.id);
  await expect
    .poll(() => listener.heard.slice(-20).some(({ contributingSource }) => contributingSource === source), {
      timeout: 5_000,
    })
    .toBe(true);
}

describe('a call that grows large', () => {
  it('goes over to slots without a pause for anybody who is speaking, and back when it is small again', async () => {
    const listener = await call.join('listener');
    const anna = await speaker('anna', 20);
    const ben = await speaker('ben', 90);
    const carl = await speaker('carl', 90);
    await listener.hears(anna.producerOf('microphone') ?? '');
    expect(slots).toEqual([]);

    const dora = await speaker('dora', 90);
    await hearsBySlot(listener, anna);
    await expect.poll(() => listener.closed.length).toBe(3);
    expect(slots).toHaveLength(3);
    expect(slots.some(({ participantId }) => participantId === 'anna')).toBe(true);

    for (const gone of [ben, carl, dora]) {
      gone.media.close();
    }
    await expect.poll(() => slots).toEqual([]);
    const before = listener.packetsOf(anna.producerOf('microphone') ?? '');
    await expect
      .poll(() => listener.packetsOf(anna.producerOf('microphone') ?? ''))
      .toBeGreaterThan(before + 10);

    // A packet is 20 ms: nobody lost more than 100 ms of what anna said.
    expect(longestGap(listener, anna)).toBeLessThanOrEqual(5);
    expect(longestGap(anna, anna)).toBe(0);
  });

  it('lets a newcomer hear the slots from the start, and nobody their own voice', async () => {
    const anna = await speaker('anna', 20);
    const ben = await speaker('ben', 25);
    await speaker('carl', 90);
    await speaker('dora', 90);
    const late = await call.join('late');
    await hearsBySlot(anna, ben);
    await hearsBySlot(ben, anna);
    const later = await call.join('later');
    await hearsBySlot(later, anna);

    expect(later.media.parameters.consumers).toHaveLength(3);
    expect(late.media.parameters.consumers).toHaveLength(3);
    for (const own of [anna, ben]) {
      const source = contributingSourceOf(own.id);
      expect(own.heard.filter(({ contributingSource }) => contributingSource === source)).toEqual([]);
    }
  });

  it('hears no more than one device of a user, however many of them are loud', async () => {
    const userOf = (id: string): string => id.replace(/-.*/, '');
    const onAudioSlots = (told: readonly AudioSlot[]): void => {
      slots = told;
    };
    call = await world.createCall({ onAudioSlots }, { everyoneHeardUpTo: 2, loudestHeard: 2 }, { userOf });
    const listener = await call.join('listener');
    await Promise.all(['mallory-1', 'mallory-2', 'mallory-3'].map((id) => speaker(id, 10)));
    const [anna, ben] = [await speaker('anna', 45), await speaker('ben', 45)];

    await Promise.all([anna, ben].map((honest) => hearsBySlot(listener, honest)));
    await expect
      .poll(() => slots.map(({ participantId }) => participantId))
      .toEqual(expect.arrayContaining(['anna', 'ben', expect.stringMatching(/^mallory-/)]));
  });

  it('hears nobody hold the floor who has not said a word, though the worker takes them to', async () => {
    const dominant: (string | undefined)[] = [];
    const speaking = createDeferred<void>();
    const onSpeakers = (ids: readonly string[], holder: string | undefined): void => {
      dominant.push(holder);
      if (ids.includes('anna')) {
        speaking.resolve();
      }
    };
    call = await world.createCall({ onSpeakers });
    const listener = await call.join('listener');
    const silent = await speaker('silent', 127);
    const packets = (): number => listener.packetsOf(silent.producerOf('microphone') ?? '');
    await expect.poll(packets, { timeout: 5_000 }).toBeGreaterThan(50);
    await speaker('anna', 20);
    await speaking.promise;

    expect(dominant).not.toContain('silent');
  });

  it('forwards everybody when the rule is off', async () => {
    call = await world.createCall({}, { everyoneHeardUpTo: 2, rulesOff: ['loudestAudio'] });
    await Promise.all(['anna', 'ben', 'carl'].map((id) => speaker(id, 20)));
    const listener = await call.join('listener');

    expect(new Set(listener.media.parameters.consumers.map(({ producerId }) => producerId))).toEqual(
      new Set(['anna', 'ben', 'carl'].map((id) => call.participants.get(id)?.producerOf('microphone'))),
    );
  });

  it('still hears the sound of a shared screen, which no slot carries', async () => {
    const anna = await speaker('anna', 20);
    const screen = await anna.produce('screenAudio');
    await Promise.all(['ben', 'carl', 'dora'].map((id) => speaker(id, 90)));
    const listener = await call.join('listener');
    await hearsBySlot(listener, anna);
    await listener.hears(screen);

    expect(listener.packetsOf(screen)).toBeGreaterThan(0);
  });

  it('hears the slots on after the worker was killed', async () => {
    const anna = await speaker('anna', 20);
    await Promise.all(['ben', 'carl', 'dora'].map((id) => speaker(id, 90)));
    const listener = await call.join('listener');
    await hearsBySlot(listener, anna);
    const [busy] = world.pool.workers.filter((worker) => (call.media as MediasoupCallMedia).isOn(worker));
    const reset = call.allReset(1);
    process.kill(busy?.pid ?? 0, 'SIGKILL');
    await reset;
    listener.heard.length = 0;
    await hearsBySlot(listener, anna);

    expect(
      anna.heard.some(({ contributingSource }) => contributingSource === contributingSourceOf('anna')),
    ).toBe(false);
  });
});

it('who speaks, and who holds the floor, is told in a large call as in a small one', async () => {
  const told: (readonly [string, string | undefined])[] = [];
  call = await world.createCall(
    { onSpeakers: (ids, dominant) => told.push([ids.join(), dominant]) },
    { everyoneHeardUpTo: 2 },
  );
  await call.join('listener');
  const anna = await speaker('anna', 20);
  await expect.poll(() => told.at(-1)).toEqual(['anna', 'anna']);
  anna.db = 127;
  await expect.poll(() => told.at(-1)).toEqual(['', 'anna']);
  const ben = await speaker('ben', 20);
  await expect.poll(() => told.at(-1), { timeout: 5_000 }).toEqual(['ben', 'ben']);

  ben.db = 127;
  await expect.poll(() => told.at(-1)).toEqual(['', 'ben']);
});
