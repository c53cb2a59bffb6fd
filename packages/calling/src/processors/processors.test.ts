import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asTrack, FakeTrack } from '../testing/fakeMediaStream.ts';
import { createNoiseGate, createVideoProcessor, type VideoProcessorOptions } from './index.ts';
import { FrameRateWatch } from './FrameRateWatch.ts';

describe('a processor that cannot work here', () => {
  it('says so', () => {
    expect(createVideoProcessor({ draw: () => {} }).isSupported).toBe(false);
    expect(createNoiseGate().isSupported).toBe(false);
  });

  it('rejects and leaves nothing running', async () => {
    vi.useFakeTimers();
    const listener = { onError: () => {}, onFrameRateLow: () => {} };

    await expect(
      createVideoProcessor({ draw: () => {} }).start(asTrack(new FakeTrack('video')), listener),
    ).rejects.toBeInstanceOf(Error);

    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});

it('a wrong argument is a TypeError', () => {
  expect(() => createVideoProcessor({} as VideoProcessorOptions)).toThrow(TypeError);
  expect(() => createNoiseGate({ thresholdDb: 3 })).toThrow(TypeError);
  expect(() => createNoiseGate({ holdMs: -1 })).toThrow(TypeError);
});

describe('the frame rate', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  /** What is said of a camera of 30 frames a second of which so many come out, second by second. */
  function saidOf(seconds: readonly number[], isMuted = false): number[] {
    const camera = Object.assign(new FakeTrack('video'), {
      muted: isMuted,
      getSettings: () => ({ frameRate: 30 }),
    });
    const said: number[] = [];
    const watch = new FrameRateWatch(asTrack(camera), (framesPerSecond) => said.push(framesPerSecond));
    for (const frames of seconds) {
      for (let frame = 0; frame < frames; frame += 1) {
        watch.count();
      }
      vi.advanceTimersByTime(1_000);
    }
    watch.stop();
    vi.advanceTimersByTime(5_000);

    return said;
  }

  it('is said to be low in the third second in a row in which too few frames come out', () => {
    expect(saidOf([30, 10, 10, 30, 10, 10])).toEqual([]);
    expect(saidOf([10, 12, 11, 9, 30])).toEqual([11, 9]);
  });

  it('of a camera that the system has muted is not said to be low', () => {
    expect(saidOf([0, 0, 0, 0], true)).toEqual([]);
  });
});
