import { afterEach, expect, it, vi } from 'vitest';
import { FakeStream, FakeTrack } from '../testing/fakeMediaStream.ts';
import { openSyntheticMedia } from './syntheticMedia.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('a page that has no more audio contexts to give makes pictures alone, and stops them', () => {
  vi.useFakeTimers();
  const picture = new FakeTrack('video', 'noise');
  const canvas = {
    getContext: () => ({ putImageData() {} }),
    captureStream: () => new FakeStream([picture]),
  };
  vi.stubGlobal('document', { createElement: () => canvas });
  vi.stubGlobal('ImageData', function make() {
    return { data: new Uint8ClampedArray(65_536) };
  });
  vi.stubGlobal('navigator', { userActivation: { hasBeenActive: true } });
  vi.stubGlobal('AudioContext', function refuse() {
    throw new DOMException('There are too many.', 'NotSupportedError');
  });

  const media = openSyntheticMedia({ hasVideo: true });
  expect(media).toMatchObject({ audio: undefined, video: picture });
  media.close();

  expect(picture.readyState).toBe('ended');
  expect(vi.getTimerCount()).toBe(0);
});
