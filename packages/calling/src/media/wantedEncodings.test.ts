import { describe, expect, it } from 'vitest';
import { markWanted } from './wantedEncodings.ts';

const encoding = (rid: string, scaleResolutionDownBy: number): RTCRtpEncodingParameters => ({
  rid,
  scaleResolutionDownBy,
  active: true,
});

describe('the encodings of a sender', () => {
  it('are off where nobody wants them, the smallest named first in whatever order they are', () => {
    const upwards = [encoding('r0', 4), encoding('r1', 2), encoding('r2', 1)];
    const downwards = upwards.map((one) => ({ ...one })).toReversed();

    expect(markWanted(upwards, [true, true, false])).toBe(true);
    expect(markWanted(downwards, [true, true, false])).toBe(true);

    expect(upwards.map(({ active }) => active)).toEqual([true, true, false]);
    expect(downwards.map(({ active }) => active)).toEqual([false, true, true]);
  });

  it('are left alone when they are as they are wanted', () => {
    expect(markWanted([encoding('r0', 2), encoding('r1', 1)], [true, true])).toBe(false);
    expect(markWanted([encoding('r0', 1)], [])).toBe(false);
  });
});
