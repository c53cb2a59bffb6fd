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
  const render = vi.fn<() => Promise<object>>(async () => preview);
  const ask = vi.fn<() => Promise<object>>(async () => ({ audio: true, video: true }));
  const devices = fakeDevices({
    askDevicePermission: ask,
    getPermissionState: () => 'Granted',
    getCameraList: async () => [{ id: 'c' }],
    getMicrophoneList: async () => [{ id: 'm' }],
    getCamera: () => undefined,
    renderPreviewVideo: render,
    ...parts,
  });

  return { devices, preview, ask, render };
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

  it('takes a denial for an answer: it asks once, opens nothing, and asks again only when told to', async () => {
    const { devices, ask, render } = devicesWith({ getPermissionState: () => 'Denied' });
    ask.mockResolvedValue({ audio: false, video: false });
    const checkup = new DeviceCheckup(devices);
    const denied = { is: 'failed', failure: 'permission_denied' };
    checkup.want(both, target);
    await expect.poll(() => checkup.get()).toEqual({ camera: denied, microphone: denied });
    checkup.want({ microphone: false, camera: true }, target);
    await expect.poll(() => checkup.get()).toEqual({ camera: denied, microphone: { is: 'off' } });
    expect(ask).toHaveBeenCalledOnce();
    expect(render).not.toHaveBeenCalled();

    checkup.tryAgain(target);
    await expect.poll(() => ask.mock.calls).toHaveLength(2);
    expect(ask).toHaveBeenLastCalledWith({ audio: false, video: true });
  });

  it('does not open the camera for somebody who has gone while the browser asked', async () => {
    const answer = Promise.withResolvers<object>();
    const { devices, ask, render } = devicesWith();
    ask.mockReturnValue(answer.promise);
    const checkup = new DeviceCheckup(devices);
    checkup.want(both, target);
    await expect.poll(() => ask.mock.calls).toHaveLength(1);
    checkup.close();
    answer.resolve({ audio: true, video: true });
    await expect.poll(() => checkup.get().microphone.is).toBe('ready');
    expect(render).not.toHaveBeenCalled();
  });

  it('says why there is no picture, and tries again when asked', async () => {
    const start = vi
      .fn<() => Promise<void>>(async () => {})
      .mockRejectedValueOnce(new MediaDeviceError('device_busy', 'camera'));
    const { devices } = devicesWith({ renderPreviewVideo: async () => ({ start, dispose() {} }) });
    const checkup = new DeviceCheckup(devices);
    checkup.want(both, target);
    await expect.poll(() => checkup.get().camera).toEqual({ is: 'failed', failure: 'device_busy' });
    checkup.tryAgain(target);
    await expect.poll(() => checkup.get().camera.is).toBe('ready');
  });
});
