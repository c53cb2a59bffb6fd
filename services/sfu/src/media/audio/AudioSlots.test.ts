import { EventEmitter } from 'node:events';
import { createDeferred } from '@parley/kit';
import type { types } from 'mediasoup';
import { expect, it } from 'vitest';
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
