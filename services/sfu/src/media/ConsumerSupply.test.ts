import { EventEmitter } from 'node:events';
import { createDeferred, type Deferred } from '@parley/kit';
import { errors, type types } from 'mediasoup';
import { describe, expect, it } from 'vitest';
import type { CallSite } from './CallSite.ts';
import { ConsumerSupply } from './ConsumerSupply.ts';
import type { Reception } from './Reception.ts';

const onlyProducer = {} as types.Producer;

function receptionOf(
  id: string,
  producerNow: () => types.Producer | undefined = () => onlyProducer,
): Reception {
  return {
    stream: {
      id,
      kind: 'audio',
      source: 'microphone',
      participantId: `sender-${id}`,
      originFor: (router) => {
        const producer = producerNow();

        return producer === undefined ? undefined : { router, producer };
      },
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
  wanted.push(...['a', 'b', 'c'].map((id) => receptionOf(id)));
  supply.catchUp();
  await expect.poll(() => asked).toBe(3);
  wanted.push(...['d', 'e'].map((id) => receptionOf(id)));
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

describe('a stream that is produced anew while what was asked of its previous producer is on its way', () => {
  function createMoving() {
    const [previous, next] = [{} as types.Producer, {} as types.Producer];
    let producer: types.Producer | undefined = previous;
    const held: Deferred<() => void>[] = [];
    const hopeless: string[] = [];
    const told: string[] = [];
    const made: (types.Consumer & { readonly of: types.Producer | undefined })[] = [];
    const wanted: Reception[] = [];
    /** What the worker waits for before it answers that there is a consumer. */
    let consuming = Promise.resolve();
    const slow = (until: Promise<void>): void => void (consuming = until);
    const transport = {
      consume: async ({ producerId }: types.ConsumerOptions): Promise<types.Consumer> => {
        const consumer = {
          id: `consumer ${made.length}`,
          of: producer,
          producerId,
          closed: false,
          observer: new EventEmitter(),
          close: () => {
            consumer.closed = true;
            consumer.observer.emit('close');
          },
        };
        made.push(consumer as unknown as (typeof made)[number]);
        await consuming;

        return consumer as unknown as types.Consumer;
      },
    };
    const hold = (): Promise<() => void> => {
      const deferred = createDeferred<() => void>();
      held.push(deferred);

      return deferred.promise;
    };
    const site = { router: { canConsume: () => true }, isClosed: false, hold } as unknown as CallSite;
    const supply = new ConsumerSupply({
      rtpCapabilities: {},
      wanted: () => wanted,
      onAdded: (consumers) => told.push(...consumers.map(({ id }) => id)),
      onChanged: () => {},
      onHopeless: (reception) => {
        hopeless.push(reception.stream.id);
        wanted.splice(wanted.indexOf(reception), 1);
      },
    });
    const reception = receptionOf('mic', () => producer);
    const begin = async (): Promise<void> => {
      await supply.attach(site, transport as unknown as types.Transport);
      supply.run();
      wanted.push(reception);
    };
    const lose = (): void => {
      producer = undefined;
    };
    const open = (): void => {
      producer = next;
      supply.catchUp();
    };

    return { supply, reception, begin, slow, lose, open, held, hopeless, told, made, next };
  }

  it.each([new Error('Producer not found'), new errors.WorkerClosedError('The worker of the previous one.')])(
    'is not given up as hopeless when that fails with %s',
    async (error) => {
      const { supply, begin, lose, open, held, hopeless, told, made, next } = createMoving();
      await begin();
      supply.catchUp();
      lose();
      open();
      held[0]?.reject(error);
      await expect.poll(() => held.length).toBe(2);
      held[1]?.resolve(() => {});

      await expect.poll(() => told).toEqual(['consumer 0']);
      expect(made.map((consumer) => consumer.of === next)).toEqual([true]);
      expect(hopeless).toEqual([]);
    },
  );

  it('is answered to the client that asked for it in the meantime', async () => {
    const { supply, reception, begin, lose, open, held, hopeless, told } = createMoving();
    await begin();
    const asked = supply.make(reception);
    lose();
    open();
    held[0]?.reject(new Error('Producer not found'));
    await expect.poll(() => held.length).toBe(2);
    held[1]?.resolve(() => {});

    expect(await asked).toMatchObject({ id: 'consumer 0' });
    expect([hopeless, told]).toEqual([[], []]);
  });

  it('is not left with the consumer of the previous one, which the worker is about to close', async () => {
    const { supply, begin, slow, lose, open, held, told, made } = createMoving();
    await begin();
    const answered = createDeferred<void>();
    slow(answered.promise);
    supply.catchUp();
    let released = 0;
    held[0]?.resolve(() => (released += 1));
    await expect.poll(() => made.length).toBe(1);
    lose();
    open();
    answered.resolve();
    await expect.poll(() => held.length).toBe(2);
    held[1]?.resolve(() => {});

    await expect.poll(() => told).toEqual(['consumer 1']);
    expect([made[0]?.closed, released]).toEqual([true, 1]);
  });

  it('is made when it is opened only after that has failed', async () => {
    const { supply, begin, lose, open, held, hopeless, told } = createMoving();
    await begin();
    supply.catchUp();
    lose();
    held[0]?.reject(new Error('Producer not found'));
    await new Promise(setImmediate);
    open();
    held[1]?.resolve(() => {});

    await expect.poll(() => told).toEqual(['consumer 0']);
    expect(hopeless).toEqual([]);
  });

  it('is hopeless when the one that is still there cannot be received', async () => {
    const { supply, begin, held, hopeless } = createMoving();
    await begin();
    supply.catchUp();
    held[0]?.reject(new Error('Unsupported codec'));

    await expect.poll(() => hopeless).toEqual(['mic']);
    expect(held.length).toBe(1);
  });
});
