import { MediaDeviceError } from '@parley/calling';
import { describe, expect, it, vi } from 'vitest';
import { fakeDevices } from '../testing/fakes.ts';
import { DeviceCheckup } from './DeviceCheckup.ts';

const both = { microphone: true, camera: true };
// The checkup only hands it on.
const target = {} as HTMLElement;

function devicesWith(parts: object = {}) {
  const preview = {
    start: vi.fn<() => Promise<void>>(async () => {}),
    dispose: vi.fn<() => void>(),
    switchDevice: vi.fn<() => Promise<void>>(async () => {}),
  };
  const ask = vi.fn<() => Promise<object>>(async () => ({ audio: true, video: true }));
  const devices = fakeDevices({
    askDevicePermission: ask,
    getPermissionState: () => 'Granted',
    getMicrophoneList: async () => [{ id: 'm' }],
    getCamera: () => undefined,
    renderPreviewVideo: vi.fn<() => Promise<object>>(async () => preview),
    ...parts,
  });

  return { devices, preview, ask };
}

describe('DeviceCheckup', () => {
  it('asks once for both devices, then shows the camera', async () => {
    const { devices, preview, ask } = devicesWith();
    const checkup = new DeviceCheckup(devices);
    checkup.want(both, target);
    await expect.poll(() => checkup.get()).toEqual({ camera: { is: 'ready' }, microphone: { is: 'ready' } });
    expect(ask).toHaveBeenCalledExactlyOnceWith({ audio: true, video: true });
    expect(preview.start).toHaveBeenCalledOnce();
  });

  it('leaves the picture alone when only the microphone is switched', async () => {
    const { devices, preview } = devicesWith();
    const checkup = new DeviceCheckup(devices);
    checkup.want(both, target);
    checkup.want({ microphone: false, camera: true }, target);
    await expect.poll(() => checkup.get()).toEqual({ camera: { is: 'ready' }, microphone: { is: 'off' } });
    expect(preview.start).toHaveBeenCalledOnce();
    expect(preview.dispose).not.toHaveBeenCalled();
  });

  it('turns the camera off when it is not wanted any more, and when it is closed', async () => {
    const { devices, preview } = devicesWith();
    const checkup = new DeviceCheckup(devices);
    checkup.want(both, target);
    await expect.poll(() => checkup.get().camera.is).toBe('ready');
    checkup.want({ microphone: true, camera: false }, target);
    await expect.poll(() => checkup.get().camera.is).toBe('off');
    expect(preview.dispose).toHaveBeenCalledOnce();
    checkup.want(both, target);
    await expect.poll(() => checkup.get().camera.is).toBe('ready');
    checkup.close();
    expect(preview.dispose).toHaveBeenCalledTimes(2);
    expect(devices.listenerCount).toBe(0);
  });

  it.each([
    ['Denied', [{ id: 'm' }], 'permission_denied'],
    ['Granted', [], 'device_not_found'],
    ['Granted', [{ id: 'm' }], 'device_busy'],
    ['Unknown', [], 'device_not_found'],
    ['Unknown', [{ id: 'm' }], 'permission_denied'],
  ])('takes permission %s with microphones %j for %s', async (state, microphones, failure) => {
    const { devices } = devicesWith({
      askDevicePermission: async () => ({ audio: false, video: true }),
      getPermissionState: () => state,
      getMicrophoneList: async () => microphones,
    });
    const checkup = new DeviceCheckup(devices);
    checkup.want(both, target);
    await expect.poll(() => checkup.get().microphone).toEqual({ is: 'failed', failure });
    await expect.poll(() => checkup.get().camera.is).toBe('ready');
  });

  it('says why there is no picture, and tries again when asked', async () => {
    const start = vi
      .fn<() => Promise<void>>(async () => {})
      .mockRejectedValueOnce(new MediaDeviceError('device_busy', 'camera'));
    const { devices } = devicesWith({ renderPreviewVideo: async () => ({ start, dispose() {} }) });
    const checkup = new DeviceCheckup(devices);
    checkup.want(both, target);
    await expect.poll(() => checkup.get().camera).toEqual({ is: 'failed', failure: 'device_busy' });
    checkup.want(both, target);
    await expect.poll(() => checkup.get().camera.is).toBe('ready');
  });
});
