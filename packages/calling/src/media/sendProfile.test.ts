import { describe, expect, it } from 'vitest';
import { sendProfileOf } from './sendProfile.ts';

const scalesOf = (settings: MediaTrackSettings): unknown[] =>
  sendProfileOf('camera', settings).encodings.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy);

describe('a camera', () => {
  it.each([
    ['1280×720', { width: 1280, height: 720 }, [4, 2, 1]],
    ['720×1280', { width: 720, height: 1280 }, [4, 2, 1]],
    ['640×480', { width: 640, height: 480 }, [2, 1]],
    ['640×360', { width: 640, height: 360 }, [2, 1]],
    ['320×180', { width: 320, height: 180 }, [1]],
    ['unknown size', {}, [4, 2, 1]],
  ])(
    'of %s is sent in the layers the browser will send, its full size among them',
    (_size, settings, scales) => {
      expect(scalesOf(settings)).toEqual(scales);
    },
  );

  it('gives each layer a bit rate that fits its size', () => {
    const { encodings } = sendProfileOf('camera', { width: 1280, height: 720 });

    const [small = 0, middle = 0, full = 0] = encodings.map(({ maxBitrate }) => maxBitrate / 1000);
    expect(full).toBe(1700);
    expect(middle).toBeGreaterThan(450);
    expect(middle).toBeLessThan(550);
    expect(small).toBeGreaterThan(130);
    expect(small).toBeLessThan(170);
  });
});

describe('a shared screen', () => {
  it('is sent at its full resolution alone', () => {
    expect(sendProfileOf('screen', { width: 1920, height: 1080 }).encodings).toEqual([
      { maxBitrate: 2_500_000 },
    ]);
  });
});

describe('a picture', () => {
  it.each(['camera', 'screen'] as const)(
    'of the %s begins with 1500 kbit/s, not with the 300 of the browser',
    (source) => {
      expect(sendProfileOf(source, {}).codecOptions).toEqual({ videoGoogleStartBitrate: 1_500 });
    },
  );
});

describe('a microphone', () => {
  it('is sent with DTX and in-band FEC', () => {
    expect(sendProfileOf('microphone', {}).codecOptions).toEqual({ opusDtx: true, opusFec: true });
  });
});
