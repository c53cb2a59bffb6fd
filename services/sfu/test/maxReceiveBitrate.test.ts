import type { types } from 'mediasoup';
import { describe, expect, it } from 'vitest';
import { startMediaWorld } from './support/mediaWorld.ts';
import { busiestOf, killWorker } from './support/mediaWorkers.ts';
import { openPlainTransports } from './support/plainTransports.ts';

describe('what a participant receives at most', () => {
  it('is the same over the transports that follow', async () => {
    const opened: types.Transport[] = [];
    const limits = async (): Promise<unknown[]> => {
      const stats = await Promise.all(opened.filter(({ closed }) => !closed).map((each) => each.getStats()));

      return stats.map(
        ([first]) => (first as { maxOutgoingBitrate?: number } | undefined)?.maxOutgoingBitrate,
      );
    };
    await using world = await startMediaWorld(
      {},
      {
        openTransports: async (options) => {
          const transports = await openPlainTransports(options);
          opened.push(transports.receive);

          return transports;
        },
      },
    );
    const call = await world.createCall();
    const alice = await call.join('alice');
    await alice.media.setMaxReceiveBitrate(400_000);
    expect(await limits()).toEqual([400_000]);

    await killWorker(busiestOf(world.pool.workers));
    await call.allReset(1);
    expect(await limits()).toEqual([400_000]);

    await alice.media.setMaxReceiveBitrate(undefined);
    expect(await limits()).not.toEqual([400_000]);
  });
});
