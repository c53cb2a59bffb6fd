import { EventEmitter } from 'node:events';
import { createDeferred } from '@parley/kit';
import type { types } from 'mediasoup';
import { expect, it } from 'vitest';
import { audioPacket } from '../../../test/support/audioPacket.ts';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import { AudioSlots } from './AudioSlots.ts';

const opus = {
  kind: 'audio',
  mimeType: 'audio/opus',
  preferredPayloadType: 100,
  clockRate: 48_000,
  channels: 2,
};

it('slots that are closed while they are being opened leave no producer behind', async () => {
  const answer = createDeferred<void>();
  const made: types.Producer[] = [];
  const produce = async (): Promise<types.Producer> => {
    await answer.promise;
    const producer = {
      closed: false,
      observer: new EventEmitter(),
      close() {
        producer.closed = true;
      },
    };
    made.push(producer as unknown as types.Producer);

    return made.at(-1) as types.Producer;
  };
  const router = { rtpCapabilities: { codecs: [opus] } } as types.Router;
  const clock = new FakeClock();
  const slots = new AudioSlots({
    loudestHeard: 3,
    speakerIntervalMs: 300,
    clock,
    listener: { onEntered: () => {}, onLeft: () => {}, onSlots: () => {}, onSpeakers: () => {} },
  });
  const opening = slots.openSite({
    router,
    directTransport: async () => ({ produce }) as unknown as types.DirectTransport,
  });
  slots.close();
  answer.resolve();
  await opening;

  expect(made.map(({ closed }) => closed)).toEqual([true, true, true, true]);
  expect(slots.slots.filter((slot) => slot.originFor(router) !== undefined)).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('slots that are closed as somebody begins to speak leave no timer behind', async () => {
  const consumer = Object.assign(new EventEmitter(), { close() {} });
  const clock = new FakeClock();
  const told: (string | undefined)[] = [];
  const slots = new AudioSlots({
    loudestHeard: 0,
    speakerIntervalMs: 300,
    clock,
    listener: {
      onEntered: () => {},
      onLeft: () => {},
      onSlots: ([slot]) => told.push(slot?.participantId),
      onSpeakers: () => {},
    },
  });
  const producer: object = { paused: false, closed: false, observer: new EventEmitter() };
  slots.hear(
    {
      router: { rtpCapabilities: { codecs: [opus] } } as types.Router,
      directTransport: async () => ({ consume: async () => consumer }) as unknown as types.DirectTransport,
    },
    { id: 'microphone', participantId: 'anna', producer: producer as types.Producer },
  );
  await expect.poll(() => consumer.listenerCount('rtp')).toBe(1);
  for (let sequence = 0; told.length === 0 && sequence < 50; sequence += 1) {
    consumer.emit('rtp', audioPacket({ ssrc: 1, sequence, db: 20 }));
    clock.advance(20);
  }
  // Who speaks, and whom the slots carry the next time.
  expect([told, clock.pending]).toEqual([['anna'], 2]);

  slots.close();
  expect(clock.pending).toBe(0);
});
