import { describe, expect, it } from 'vitest';
import type { VideoCodec, VideoEncodingOptions } from './encodingTypes.ts';
import { assertEncoding, sendProfileOf } from './sendProfile.ts';

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

    const [small = 0, middle = 0, full = 0] = encodings.map(({ maxBitrate = 0 }) => maxBitrate / 1000);
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

describe('the codec', () => {
  const codecOf = (codec: VideoCodec | undefined, has: readonly VideoCodec[]): string =>
    sendProfileOf('camera', {}, codec === undefined ? {} : { codec }, (each) => has.includes(each)).mimeType;

  it('is VP8, or the one that is preferred where it can be had', () => {
    expect(codecOf(undefined, ['H264', 'VP8', 'VP9'])).toBe('video/VP8');
    expect(codecOf('H264', ['H264', 'VP8', 'VP9'])).toBe('video/H264');
  });

  it('is the first of VP8, VP9, H264 and AV1 where that cannot be had', () => {
    expect(codecOf('AV1', ['H264', 'VP8', 'VP9'])).toBe('video/VP8');
    expect(codecOf('AV1', ['H264', 'VP9'])).toBe('video/VP9');
    expect(codecOf(undefined, ['H264'])).toBe('video/H264');
  });

  it.each([{ codec: 'vp9' }, { scalabilityMode: 'L4T1' }, { scalabilityMode: 'S2T1' }])(
    'or mode that there is not is a TypeError: %o',
    (encoding) => {
      expect(() => assertEncoding(encoding as VideoEncodingOptions)).toThrow(TypeError);
    },
  );
});

describe('layers', () => {
  const modesOf = (options: VideoEncodingOptions, source: 'camera' | 'screen' = 'camera'): unknown[] =>
    sendProfileOf(source, {}, options).encodings.map(({ scalabilityMode }) => scalabilityMode);

  it.each([
    ['VP8: simulcast', {}, [undefined, undefined, undefined]],
    ['H264: simulcast', { codec: 'H264' }, [undefined, undefined, undefined]],
    ['VP9: within one stream', { codec: 'VP9' }, ['L3T3_KEY']],
    ['AV1: one, for mediasoup forwards no more of it', { codec: 'AV1', simulcast: true }, ['L1T3']],
    ['one only', { simulcast: false }, [undefined]],
    ['one only of VP9', { codec: 'VP9', simulcast: false }, ['L1T3']],
    ['those that are said', { codec: 'VP9', scalabilityMode: 'L2T1' }, ['L2T1']],
    ['frame rates of simulcast', { scalabilityMode: 'L1T2' }, ['L1T2', 'L1T2', 'L1T2']],
    ['no spatial ones in VP8', { scalabilityMode: 'L3T3' }, [undefined, undefined, undefined]],
  ] as const)('of a camera are, of %s', (_, options, modes) => {
    expect(modesOf(options)).toEqual(modes);
  });

  it('of a screen are there when they are wanted', () => {
    expect(modesOf({}, 'screen')).toHaveLength(1);
    expect(modesOf({ simulcast: true }, 'screen')).toHaveLength(2);
  });
});
