import type { types } from 'mediasoup';
import { expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import { ForwardedPicture } from './ForwardedPicture.ts';

it('another layer is asked for when the size has stayed the same for 100 ms, the first one at once', () => {
  const clock = new FakeClock();
  const asked: number[] = [];
  const consumer: Partial<types.Consumer> = {
    setPreferredLayers: async ({ spatialLayer }) => void asked.push(spatialLayer),
  };
  const picture = new ForwardedPicture(consumer as types.Consumer, clock);
  picture.setLayers({ spatialLayer: 2, temporalLayer: 2 });
  expect(asked).toEqual([2]);

  picture.setLayers({ spatialLayer: 1, temporalLayer: 2 });
  clock.advance(99);
  picture.setLayers({ spatialLayer: 0, temporalLayer: 2 });
  clock.advance(99);
  expect(asked).toEqual([2]);
  clock.advance(1);
  expect(asked).toEqual([2, 0]);
});
