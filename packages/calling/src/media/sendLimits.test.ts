import { describe, expect, it } from 'vitest';
import type { MediaConstraints } from './encodingTypes.ts';
import { encodingsWithin, limitsOf, limitsWith } from './sendLimits.ts';
import { sendProfileOf } from './sendProfile.ts';

const { encodings } = sendProfileOf('camera', { width: 1280, height: 720 });

describe('the encodings of a camera', () => {
  it('are all sent as they are without a limit', () => {
    expect(encodingsWithin(encodings, {}, 720)).toMatchObject(encodings);
  });

  it('that have more lines than allowed are scaled down to that, or left out where the one below does', () => {
    const scales = (frameHeight: number): number[] =>
      encodingsWithin(encodings, { frameHeight }, 720).map(
        ({ scaleResolutionDownBy = 0 }) => scaleResolutionDownBy,
      );

    expect([720, 540, 360, 240, 90].map(scales)).toEqual([[4, 2, 1], [4, 2, 720 / 540], [4, 2], [4, 3], [8]]);
  });

  it('have no more bits together than allowed, and are left out where little would be left of them', () => {
    for (const bitrate of [2_000_000, 700_000, 200_000, 100_000]) {
      const bits = encodingsWithin(encodings, { bitrate }, 720).map(({ maxBitrate = 0 }) => maxBitrate);

      expect(bits.reduce((sum, each) => sum + each)).toBeLessThanOrEqual(bitrate);
    }
    expect(encodingsWithin(encodings, { bitrate: 200_000 }, 720)).toHaveLength(1);
  });

  it('never get less than a picture needs', () => {
    expect(encodingsWithin(encodings, { bitrate: 1 }, 720)).toMatchObject([{ maxBitrate: 30_000 }]);
  });

  it('take the frame rate each', () => {
    expect(
      encodingsWithin(encodings, { frameRate: 10 }, 720).map(({ maxFramerate }) => maxFramerate),
    ).toEqual([10, 10, 10]);
  });
});

describe('constraints', () => {
  it('leave what they do not name, and lift with 0', () => {
    const first = limitsWith({}, { video: { send: { frameRate: { max: 10 }, bitrate: { max: 500_000 } } } });
    const second = limitsWith(first, { video: { send: { bitrate: { max: 0 } } }, receive: {} });

    expect(second.camera).toEqual({ frameRate: 10, bitrate: undefined });
  });

  it.each([
    ['nothing', undefined],
    ['a number', 5],
    ['a number for a limit', { video: { send: { bitrate: 5 } } }],
    ['a negative limit', { receive: { bitrate: { max: -1 } } }],
    ['text', { send: { bitrate: { max: '5' } } }],
    ['no number at all', { audio: { send: { bitrate: {} } } }],
  ])('that are wrong are a TypeError: %s', (_, constraints) => {
    expect(() => limitsWith({}, constraints as unknown as MediaConstraints)).toThrow(TypeError);
  });
});

describe('a limit of all that is sent', () => {
  const limits = limitsWith({}, { send: { bitrate: { max: 640_000 } } });

  it('is shared: a quarter at most for sound, and of the rest two thirds for a screen beside a camera', () => {
    const sources = ['microphone', 'camera', 'screen'] as const;

    expect(sources.map((source) => limitsOf(source, limits, sources)?.bitrate)).toEqual([
      40_000, 200_000, 400_000,
    ]);
    expect(limitsOf('camera', limits, ['camera', 'microphone'])?.bitrate).toBe(600_000);
    expect(
      limitsOf('microphone', limitsWith({}, { send: { bitrate: { max: 80_000 } } }), sources)?.bitrate,
    ).toBe(20_000);
  });

  it('does not raise a lower one of a source', () => {
    const both = limitsWith(limits, { video: { send: { bitrate: { max: 100_000 } } } });

    expect(limitsOf('camera', both, ['camera'])?.bitrate).toBe(100_000);
  });
});
