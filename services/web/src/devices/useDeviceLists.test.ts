import { describe, expect, it } from 'vitest';
import { fakeDevices, fakeLocalStream } from '../testing/fakes.ts';
import { readLists } from './useDeviceLists.ts';

const first = { id: 'c1', name: 'First' };
const second = { id: 'c2', name: 'Second' };

const devicesWith = (camera: object | undefined) =>
  fakeDevices({
    getCameraList: async () => [first, second],
    getMicrophoneList: async () => [],
    getSpeakerList: async () => [],
    getCamera: () => camera,
    getMicrophone: () => undefined,
    getSpeaker: () => undefined,
  });

describe('readLists', () => {
  it('names the camera that the call sends, whichever the next call would begin with', async () => {
    const { selected } = await readLists(devicesWith(first), fakeLocalStream({ source: second }));
    expect(selected.camera).toBe('c2');
  });

  it('takes no camera for the chosen one while the browser has the choice', async () => {
    const { selected } = await readLists(devicesWith(undefined), undefined);
    expect(selected.camera).toBeUndefined();
  });
});
