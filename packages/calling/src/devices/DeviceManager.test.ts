import { describe, expect, it } from 'vitest';
import { FakeDevices } from '../testing/FakeDevices.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import { Permissions } from './Permissions.ts';

const camera = { id: 'cam-2', name: 'The cam-2' };

async function manager() {
  const parts = await createTestClient();
  await nextTurn();

  return { ...parts, deviceManager: parts.client.deviceManager };
}

describe('askDevicePermission()', () => {
  it.each([
    ['(true, true)', [true, true], { audio: true, video: true }],
    ['(true, false)', [true, false], { audio: true, video: false }],
    ['({ audio, video })', [{ audio: false, video: true }], { audio: false, video: true }],
  ] as const)('as %s says what is granted and leaves no device on', async (_title, wanted, granted) => {
    const { deviceManager, devices } = await manager();

    // Both forms of one overloaded method.
    const [first, second] = wanted;
    const asked =
      typeof first === 'object'
        ? deviceManager.askDevicePermission(first)
        : deviceManager.askDevicePermission(first, second ?? false);

    await expect(asked).resolves.toEqual(granted);
    expect(devices.liveTracks).toEqual([]);
  });

  it('says false for what is refused, and remembers it', async () => {
    const { deviceManager, devices } = await manager();
    devices.refusals.video = 'NotAllowedError';
    expect(deviceManager.getPermissionState('Camera')).toBe('Unknown');

    await expect(deviceManager.askDevicePermission(true, true)).resolves.toEqual({
      audio: true,
      video: false,
    });

    expect(deviceManager.getPermissionState('Camera')).toBe('Denied');
    expect(deviceManager.getPermissionState('Microphone')).toBe('Granted');
    expect(devices.liveTracks).toEqual([]);
  });
});

describe('a permission', () => {
  it('that is another than before is told after it is, each time once', async () => {
    const { deviceManager, devices } = await manager();
    const told: string[] = [];
    deviceManager.on('permissionStateChanged', () => told.push(deviceManager.getPermissionState('Camera')));
    await deviceManager.askDevicePermission(false, true);
    await deviceManager.askDevicePermission(false, true);
    devices.refusals.video = 'NotAllowedError';
    await deviceManager.askDevicePermission(false, true);

    expect(told).toEqual(['Granted', 'Denied']);
  });

  it('that the browser tells of is told, until the client is disposed', async () => {
    const devices = new FakeDevices();
    const status = Object.assign(new EventTarget(), { state: 'prompt' });
    devices.queryPermission = async (name) =>
      name === 'camera' ? (status as unknown as PermissionStatus) : undefined;
    const told: string[] = [];
    const permissions = new Permissions(devices, () => told.push(permissions.state('Camera')));
    await nextTurn();
    status.state = 'granted';
    status.dispatchEvent(new Event('change'));
    permissions.dispose();
    status.state = 'denied';
    status.dispatchEvent(new Event('change'));

    expect(told).toEqual(['Prompt', 'Granted']);
  });
});

describe('one question for both devices', () => {
  it('that was answered with no is not followed by one for each', async () => {
    const { client, devices } = await manager();
    Object.assign(devices.refusals, { audio: 'NotAllowedError', video: 'NotAllowedError' });
    Object.assign(devices.permissions, { camera: 'denied', microphone: 'denied' });
    const failures: string[] = [];

    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    call.on('mediaDeviceFailed', ({ device, code }) => failures.push(`${device} ${code}`));
    await nextTurn();

    expect(devices.opened).toHaveLength(1);
    expect(failures.toSorted()).toEqual(['camera permission_denied', 'microphone permission_denied']);
  });

  it('is not followed by others once the call was hung up', async () => {
    const { client, devices } = await manager();
    devices.refusals.video = 'NotReadableError';
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();

    await call.hangUp();
    question.resolve();
    await nextTurn();

    expect(devices.opened).toHaveLength(1);
  });
});

describe('the lists of devices', () => {
  it('name cameras, microphones and speakers', async () => {
    const { deviceManager } = await manager();

    await expect(deviceManager.getCameraList()).resolves.toEqual([
      { id: 'cam-1', name: 'The cam-1' },
      camera,
    ]);
    await expect(deviceManager.getMicrophoneList()).resolves.toEqual([
      { id: 'mic-1', name: 'The mic-1', deviceType: 'Microphone', isSystemDefault: true },
    ]);
    await expect(deviceManager.getSpeakerList()).resolves.toMatchObject([{ id: 'speaker-1' }]);
  });

  it('tell what was unplugged', async () => {
    const { deviceManager, devices } = await manager();
    const updated = new Promise((resolve) => deviceManager.once('camerasUpdated', resolve));

    devices.unplug('cam-2');

    await expect(updated).resolves.toEqual({ added: [], removed: [camera] });
  });
});

describe('the selected devices', () => {
  it('are those that a call begins with', async () => {
    const { client, deviceManager, devices } = await manager();
    await deviceManager.setCamera(camera);
    const [microphone] = await deviceManager.getMicrophoneList();
    if (microphone !== undefined) {
      await deviceManager.settMicrophone(microphone);
    }
    expect(deviceManager.getCamera()).toEqual(camera);
    expect(deviceManager.gettMicrophone()).toBe(microphone);

    client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();

    expect(devices.opened.at(-1)).toMatchObject({
      audio: { deviceId: { exact: 'mic-1' } },
      video: { deviceId: { exact: 'cam-2' } },
    });
  });

  it('give way to others when they were unplugged', async () => {
    const { client, deviceManager, devices } = await manager();
    await deviceManager.setCamera(camera);
    devices.unplug('cam-2');

    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();

    expect(call.localVideoStreams[0]?.source).toMatchObject({ id: 'cam-1' });
    expect(call.isMicrophoneAvailable).toBe(true);
    await expect(call.startVideo(camera)).rejects.toMatchObject({ code: 'device_not_found' });
  });

  it('reject anything but a device with a TypeError', async () => {
    const { deviceManager } = await manager();

    await expect(deviceManager.setCamera(undefined as never)).rejects.toThrow(TypeError);
    await expect(deviceManager.setMicrophone({} as never)).rejects.toThrow(TypeError);
    await expect(
      deviceManager.renderPreviewVideo('front' as never, { nodeType: 1 } as HTMLElement),
    ).rejects.toThrow(TypeError);
    expect(() => deviceManager.getPermissionState('microphone' as never)).toThrow(TypeError);
  });

  it('are not chosen where a call cannot have them', async () => {
    const { client, deviceManager, devices } = await manager();
    devices.plug('audioinput', 'mic-2');
    client.join({ roomId: 'room-1' });
    await nextTurn();
    const before = deviceManager.getMicrophone();
    devices.refusals.audio = 'NotReadableError';

    await expect(deviceManager.setMicrophone({ id: 'mic-2' } as never)).rejects.toMatchObject({
      code: 'device_busy',
    });

    expect(before?.id).toBe('mic-1');
    expect(deviceManager.getMicrophone()).toEqual(before);
  });

  it("know the system's choice wherever it is in the browser's list", async () => {
    const { deviceManager, devices } = await manager();
    devices.plug('audioinput', 'default');

    const microphones = await deviceManager.getMicrophoneList();

    expect(microphones.map(({ id, isSystemDefault }) => [id, isSystemDefault])).toEqual([
      ['mic-1', false],
      ['default', true],
    ]);
  });

  it('say not_supported where the browser lets nobody choose the speaker', async () => {
    const { deviceManager } = await manager();
    const [speaker] = await deviceManager.getSpeakerList();

    await expect(deviceManager.setSpeaker(speaker as never)).rejects.toMatchObject({ code: 'not_supported' });
    expect(deviceManager.getSpeaker()).toBeUndefined();
  });
});

describe('a level meter', () => {
  it('that cannot measure leaves no microphone on', async () => {
    const { deviceManager, devices } = await manager();
    devices.measure = () => {
      throw new DOMException('too many contexts', 'NotSupportedError');
    };

    await expect(deviceManager.startLevelMeter()).rejects.toMatchObject({
      device: 'microphone',
      code: 'failed',
    });

    expect(devices.liveTracks).toEqual([]);
  });
});

describe('renderPreviewVideo()', () => {
  it('shows the camera, mirrored, from start() to stop()', async () => {
    const { deviceManager, devices, page } = await manager();
    const { element, asHtml } = page.target();

    const preview = await deviceManager.renderPreviewVideo(camera, asHtml, 'Fit');
    expect(devices.tracks).toEqual([]);
    await preview.start();

    expect(preview).toMatchObject({ isRendering: true, videoDeviceInfo: camera, scalingMode: 'Fit' });
    expect([...element.children][0]?.style.transform).toBe('scaleX(-1)');
    await preview.stop();
    expect(preview.isRendering).toBe(false);
    expect(devices.liveTracks).toEqual([]);
    await preview.start();
    preview.dispose();
    expect(devices.liveTracks).toEqual([]);
    expect(element.children.size).toBe(0);
  });

  it('changes over to another camera and leaves one on', async () => {
    const { deviceManager, devices, page } = await manager();
    const preview = await deviceManager.renderPreviewVideo(undefined, page.target().asHtml);
    await preview.start();

    await preview.switchDevice(camera);

    expect(preview.videoDeviceInfo).toEqual(camera);
    expect(devices.liveTracks.map((track) => track.getSettings().deviceId)).toEqual(['cam-2']);
  });

  it('that is stopped stays so when it changes over, and shows the other camera with start()', async () => {
    const { deviceManager, devices, page } = await manager();
    const preview = await deviceManager.renderPreviewVideo(undefined, page.target().asHtml);

    await preview.switchDevice(camera);
    expect([preview.isRendering, preview.videoDeviceInfo, devices.opened]).toEqual([false, camera, []]);
    await preview.start();

    expect(devices.liveTracks.map((track) => track.getSettings().deviceId)).toEqual(['cam-2']);
  });

  it('says why the camera cannot be had', async () => {
    const { deviceManager, devices, page } = await manager();
    devices.refusals.video = 'NotFoundError';
    const preview = await deviceManager.renderPreviewVideo(undefined, page.target().asHtml);

    await expect(preview.start()).rejects.toMatchObject({ device: 'camera', code: 'device_not_found' });
  });
});
