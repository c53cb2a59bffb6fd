import { callSettingsWith, type ForwardingRule } from '@parley/protocol';
import type { types } from 'mediasoup';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../test/support/FakeClock.ts';
import type { Reception } from '../Reception.ts';
import { SentStream } from '../SentStream.ts';
import { CallPictures } from './CallPictures.ts';

const tile = { consumerId: 'consumer', width: 160, height: 90 };
const stage = { consumerId: 'consumer', width: 1280, height: 720 };

let clock: FakeClock;
let told: (readonly boolean[])[];
let priorities: number[];

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  priorities = [];
});

/** A camera of three encodings that nobody has wanted for a while. */
function cameraIn(rulesOff: ForwardingRule[] = []): { pictures: CallPictures; stream: SentStream } {
  const pictures = new CallPictures({
    settings: callSettingsWith({ rulesOff }),
    clock,
    onEncodingsWanted: (_participantId, _producerId, wanted) => told.push(wanted),
  });
  const stream = new SentStream({ id: 'camera', participantId: 'anna', source: 'camera', paused: false });
  stream.size = { width: 1280, height: 720 };
  const producer = { rtpParameters: { encodings: [{}, {}, {}] } } as types.Producer;
  stream.open({ router: {} as types.Router, producer });
  pictures.streamOpened(stream);
  clock.advance(2_000);
  told.length = 0;

  return { pictures, stream };
}

/** Somebody whose consumer is about to be made. */
function receptionOf(stream: SentStream, viewport?: Reception['viewport']): Reception {
  const consumer: Partial<types.Consumer> = {
    type: 'simulcast',
    setPreferredLayers: async () => {},
    setPriority: async (priority) => void priorities.push(priority),
  };

  return {
    stream,
    consumer: consumer as types.Consumer,
    isPaused: true,
    isOwn: false,
    viewport,
    making: undefined,
  };
}

describe('an encoding is sent as soon as a consumer is made for somebody', () => {
  it('the smallest for a newcomer, who has not said how large they show it, and none that they do not show', () => {
    const { pictures, stream } = cameraIn();
    const reception = receptionOf(stream);
    pictures.changed(reception, false);
    expect(told).toEqual([[true, false, false]]);

    clock.advance(150);
    reception.viewport = tile;
    pictures.changed(reception, false);
    pictures.changed(reception, true);
    clock.advance(5_000);
    expect(told).toEqual([[true, false, false]]);
  });

  it('the one that suits the size for somebody who has said it before their media was moved', () => {
    const { pictures, stream } = cameraIn();
    pictures.changed(receptionOf(stream, stage), false);

    expect(told).toEqual([[true, true, true]]);
  });

  it('the largest where the size does not count', () => {
    const { pictures, stream } = cameraIn(['layerBySize']);
    pictures.changed(receptionOf(stream), false);

    expect(told).toEqual([[true, true, true]]);
  });

  it('and given up again when they do not have it opened', () => {
    const { pictures, stream } = cameraIn();
    const reception = receptionOf(stream);
    pictures.changed(reception, false);
    clock.advance(1_999);
    // Nothing new: its consumer is the same.
    pictures.changed(reception, false);
    clock.advance(1);

    expect(told).toEqual([
      [true, false, false],
      [false, false, false],
    ]);
  });
});

describe('the worker is asked for another priority', () => {
  const spotlightWith = (rulesOff: ForwardingRule[]): number[] => {
    const { pictures, stream } = cameraIn(rulesOff);
    pictures.changed(receptionOf(stream, stage), true);
    pictures.setSpotlight(['anna']);
    pictures.setDominant('anna');

    return priorities;
  };

  it('of who is in the spotlight', () => {
    expect(spotlightWith([]).length).toBeGreaterThan(0);
  });

  it('of nobody when the rule is off', () => {
    expect(spotlightWith(['priorities'])).toEqual([]);
  });
});

it('a call that ends leaves no timer behind of a picture whose size has just changed', () => {
  const { pictures, stream } = cameraIn();
  const reception = receptionOf(stream, stage);
  pictures.changed(reception, true);
  reception.viewport = tile;
  pictures.changed(reception, true);
  // One that the size stays, and one that nobody wants the larger encodings any more.
  expect(clock.pending).toBe(2);

  pictures.close();
  expect(clock.pending).toBe(0);
});
