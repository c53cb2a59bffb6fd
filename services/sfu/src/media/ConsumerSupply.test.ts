import { EventEmitter } from 'node:events';
import { createDeferred } from '@parley/kit';
import type { types } from 'mediasoup';
import { expect, it } from 'vitest';
import type { CallSite } from './CallSite.ts';
import { ConsumerSupply } from './ConsumerSupply.ts';
import type { Reception } from './Reception.ts';

function receptionOf(id: string): Reception {
  return {
    stream: {
      id,
      kind: 'audio',
      source: 'microphone',
      participantId: `sender-${id}`,
      originFor: (router) => ({ router, producer: {} as types.Producer }),
    },
    isPaused: true,
    isOwn: false,
    viewport: undefined,
    consumer: undefined,
    making: undefined,
  };
}

it('consumers that are made together are told together, and those that come up meanwhile with the next', async () => {
  const told: string[][] = [];
  const wanted: Reception[] = [];
  const answers = [createDeferred<void>(), createDeferred<void>()];
  let asked = 0;
  const transport = {
    consume: async ({ producerId }: types.ConsumerOptions): Promise<types.Consumer> => {
      asked += 1;
      await answers[producerId < 'd' ? 0 : 1]?.promise;
      const consumer = { id: `of ${producerId}`, producerId, closed: false, observer: new EventEmitter() };

      return consumer as unknown as types.Consumer;
    },
  };
  const router: Pick<types.Router, 'canConsume'> = { canConsume: () => true };
  const site = { router, isClosed: false, hold: async () => () => {} } as unknown as CallSite;
  const supply = new ConsumerSupply({
    rtpCapabilities: {},
    wanted: () => wanted,
    onAdded: (consumers) => told.push(consumers.map(({ producerId }) => producerId)),
    onChanged: () => {},
    onHopeless: () => {},
  });
  await supply.attach(site, transport as unknown as types.Transport);
  supply.run();
  wanted.push(...['a', 'b', 'c'].map(receptionOf));
  supply.catchUp();
  await expect.poll(() => asked).toBe(3);
  wanted.push(...['d', 'e'].map(receptionOf));
  supply.catchUp();
  answers[0]?.resolve();
  await expect.poll(() => asked).toBe(5);
  expect(told).toEqual([['a', 'b', 'c']]);

  answers[1]?.resolve();
  await expect
    .poll(() => told)
    .toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
});
