import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asTrack, FakeStream, FakeTrack } from '../testing/fakeMediaStream.ts';
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

describe('a processor over a canvas', () => {
  let videos: FakeVideo[];
  let output: FakeTrack;
  const listener = { onError: () => {}, onFrameRateLow: () => {} };

  /** Tells nobody of its frames, as in browsers without `requestVideoFrameCallback`. */
  class FakeVideo {
    srcObject: unknown = null;
    videoWidth = 640;
    videoHeight = 360;
    playing: Promise<void> = Promise.resolve();

    play(): Promise<void> {
      return this.playing;
    }
  }

  class FakeCanvas {
    width = 0;
    height = 0;

    getContext() {
      return { reset: () => {} };
    }

    captureStream(): FakeStream {
      return new FakeStream([output]);
    }
  }

  function stubPage(playing?: Promise<void>): void {
    videos = [];
    output = new FakeTrack('video');
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', class extends FakeStream {});
    vi.stubGlobal('HTMLCanvasElement', FakeCanvas);
    vi.stubGlobal('document', {
      createElement: (name: string) => {
        if (name === 'canvas') {
          return new FakeCanvas();
        }
        const video = new FakeVideo();
        video.playing = playing ?? video.playing;
        videos.push(video);

        return video;
      },
    });
  }

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('draws on where the browser does not tell of frames', async () => {
    stubPage();
    let drawn = 0;
    const processor = createVideoProcessor({ draw: () => void (drawn += 1) });

    await processor.start(asTrack(new FakeTrack('video')), listener);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(drawn).toBeGreaterThan(20);
    processor.stop();
    await vi.advanceTimersByTimeAsync(100);
    expect(vi.getTimerCount()).toBe(0);
    expect(videos[0]?.srcObject).toBeNull();
  });

  it('ends with the track that it draws', async () => {
    stubPage();
    const camera = new FakeTrack('video');
    await createVideoProcessor({ draw: () => {} }).start(asTrack(camera), listener);

    camera.end();
    await vi.advanceTimersByTimeAsync(100);

    expect(vi.getTimerCount()).toBe(0);
    expect(videos[0]?.srcObject).toBeNull();
  });

  it('that is stopped before its first frame leaves nothing running', async () => {
    stubPage(new Promise(() => {}));
    const processor = createVideoProcessor({ draw: () => {} });
    void processor.start(asTrack(new FakeTrack('video')), listener);
    await vi.advanceTimersByTimeAsync(100);

    processor.stop();

    expect(vi.getTimerCount()).toBe(0);
    expect(videos[0]?.srcObject).toBeNull();
  });
});

it('a noise gate that the system has interrupted goes on, and is left alone once it was stopped', async () => {
  const contexts: FakeContext[] = [];
  class FakeNode extends EventTarget {
    readonly stream = new FakeStream([new FakeTrack('audio')]);

    connect(node: unknown): unknown {
      return node;
    }
  }
  class FakeContext extends EventTarget {
    readonly audioWorklet = { addModule: async () => {} };
    readonly createMediaStreamDestination = () => new FakeNode();
    readonly createMediaStreamSource = () => new FakeNode();
    state = 'suspended';

    constructor() {
      super();
      contexts.push(this);
    }

    async resume(): Promise<void> {
      this.change('running');
    }

    async close(): Promise<void> {
      this.change('closed');
    }

    change(state: string): void {
      this.state = state;
      this.dispatchEvent(new Event('statechange'));
    }
  }
  vi.stubGlobal('AudioContext', FakeContext);
  vi.stubGlobal('AudioWorkletNode', FakeNode);
  vi.stubGlobal('MediaStream', FakeStream);
  const gate = createNoiseGate();
  await gate.start(asTrack(new FakeTrack('audio')), { onError: () => {}, onFrameRateLow: () => {} });

  contexts[0]?.change('interrupted');
  expect(contexts[0]?.state).toBe('running');
  gate.stop();

  expect(contexts[0]?.state).toBe('closed');
  vi.unstubAllGlobals();
});
