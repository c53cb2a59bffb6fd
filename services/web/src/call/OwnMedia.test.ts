import { MediaDeviceError } from '@parley/calling';
import { describe, expect, it, vi } from 'vitest';
import { Notices } from '../state/Notices.ts';
import { fakeCall, fakeDevices } from '../testing/fakes.ts';
import { OwnMedia } from './OwnMedia.ts';

function mediaOf(parts: object, startsWithCamera = false) {
  const notices = new Notices();
  const call = fakeCall({ state: 'Connected', isMuted: false, isMicrophoneAvailable: true, ...parts });
  const setMicrophone = vi.fn<() => Promise<void>>(async () => {});
  const devices = fakeDevices({
    getMicrophoneList: async () => [{ id: 'm1' }],
    getMicrophone: () => undefined,
    setMicrophone,
  });

  return { notices, call, setMicrophone, media: new OwnMedia(call, { devices, notices, startsWithCamera }) };
}

describe('OwnMedia', () => {
  it('counts the camera as coming until there is a stream or a failure', () => {
    const first = mediaOf({}, true);
    expect(first.media.get().isCameraComing).toBe(true);
    first.call.emit('localVideoStreamsUpdated', { added: [], removed: [] });
    expect(first.media.get().isCameraComing).toBe(false);

    const second = mediaOf({}, true);
    second.call.emit('mediaDeviceFailed', new MediaDeviceError('device_not_found', 'camera'));
    expect(second.media.get().isCameraComing).toBe(false);
    expect(second.notices.get()[0]?.title).toBe('No camera was found');
  });

  it('stops a camera that is still coming instead of starting a second one', async () => {
    const startVideo = vi.fn<() => void>();
    const stopVideo = vi.fn<() => Promise<void>>(async () => {});
    const { media } = mediaOf({ startVideo, stopVideo }, true);
    await media.toggleCamera();
    expect(stopVideo).toHaveBeenCalledOnce();
    expect(startVideo).not.toHaveBeenCalled();
  });

  it('says what is in the way of the camera', async () => {
    const { media, notices } = mediaOf({
      startVideo: async () => {
        throw new MediaDeviceError('permission_denied', 'camera');
      },
    });
    await media.toggleCamera();
    expect(notices.get()[0]).toMatchObject({ title: 'Your camera is blocked', tone: 'problem' });
    expect(media.get().isCameraComing).toBe(false);
  });

  it('brings a microphone that failed back by choosing it', async () => {
    const { media, call, setMicrophone } = mediaOf({
      unmute: vi.fn<() => Promise<void>>(async () => {}),
      mute: vi.fn<() => void>(),
    });
    call.emit('mediaDeviceFailed', new MediaDeviceError('device_busy', 'microphone'));
    expect(media.get().microphoneFailure).toBe('device_busy');
    await media.toggleMicrophone();
    expect(setMicrophone).toHaveBeenCalledExactlyOnceWith({ id: 'm1' });
    call.emit('isMicrophoneAvailableChanged');
    expect(media.get().microphoneFailure).toBeUndefined();
  });

  it('says nothing when the person chooses no screen', async () => {
    const { media, notices } = mediaOf({
      isScreenSharingOn: false,
      startScreenSharing: async () => {
        throw new MediaDeviceError('permission_denied', 'screen');
      },
    });
    await media.toggleShare();
    expect(notices.get()).toEqual([]);
  });

  it('says nothing of what fails because the call has ended', async () => {
    const { media, notices } = mediaOf({
      state: 'Disconnected',
      mute: async () => {
        throw new Error('ended');
      },
    });
    await media.toggleMicrophone();
    expect(notices.get()).toEqual([]);
  });
});
