import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeStream, FakeTrack, asTrack } from '../testing/fakeMediaStream.ts';
import { browserDevices } from './browserDevices.ts';

describe('how loud a microphone is', () => {
  const activation = { hasBeenActive: false };
  let contexts: FakeContext[];

  /** Suspended until the page is touched, as browsers have it. */
  class FakeContext {
    state = 'suspended';

    constructor() {
      contexts.push(this);
    }

    createAnalyser() {
      return { fftSize: 4, getFloatTimeDomainData: (samples: Float32Array) => samples.fill(0.5) };
    }

    createMediaStreamSource() {
      return { connect: () => {} };
    }

    async resume(): Promise<void> {
      this.state = activation.hasBeenActive ? 'running' : 'suspended';
    }

    async close(): Promise<void> {
      this.state = 'closed';
    }
  }

  beforeEach(() => {
    contexts = [];
    vi.useFakeTimers();
    vi.stubGlobal('MediaStream', FakeStream);
    vi.stubGlobal('AudioContext', FakeContext);
    vi.stubGlobal('navigator', { userActivation: activation });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is measured also where it was asked before the page was touched', () => {
    const stop = browserDevices().measure(asTrack(new FakeTrack('audio')), () => {});
    vi.advanceTimersByTime(200);
    expect(contexts[0]?.state).toBe('suspended');

    activation.hasBeenActive = true;
    vi.advanceTimersByTime(200);

    expect(contexts[0]?.state).toBe('running');
    stop();
    expect(contexts[0]?.state).toBe('closed');
  });
});
