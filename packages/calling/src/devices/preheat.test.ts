import { describe, expect, it } from 'vitest';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { AudioDeviceInfo } from './deviceTypes.ts';

const camera = { id: 'cam-2', name: 'The cam-2' };

describe('startLevelMeter()', () => {
  it('tells how loud the microphone is, by decibels, and turns it off with dispose()', async () => {
    const { client, devices } = await createTestClient();
    const meter = await client.deviceManager.startLevelMeter();
    const levels: number[] = [];
    meter.on('levelChanged', () => levels.push(meter.level));

    for (const amplitude of [0.0001, 0.1, 0.1, 1, 0]) {
      devices.meters.get('The mic-1')?.(amplitude);
    }
    meter.dispose();
    meter.dispose();

    expect(levels).toEqual([67, 100, 0]);
    expect(devices.liveTracks).toEqual([]);
    expect(devices.meters.size).toBe(0);
  });

  it('measures the microphone it is given, and nothing where it cannot be had', async () => {
    const { client, devices } = await createTestClient();
    devices.plug('audioinput', 'mic-2');
    const microphone = { id: 'mic-2', name: '' } as AudioDeviceInfo;

    await client.deviceManager.startLevelMeter(microphone);
    expect([...devices.meters.keys()]).toEqual(['The mic-2']);
    devices.refusals.audio = 'NotAllowedError';

    await expect(client.deviceManager.startLevelMeter()).rejects.toMatchObject({ code: 'permission_denied' });
    await expect(client.deviceManager.startLevelMeter({} as AudioDeviceInfo)).rejects.toThrow(TypeError);
  });

  it('ends with the client, also while the microphone is being opened', async () => {
    const { client, devices } = await createTestClient();
    await client.deviceManager.startLevelMeter();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const starting = client.deviceManager.startLevelMeter();

    await client.dispose();
    question.resolve();

    await expect(starting).rejects.toMatchObject({ code: 'invalid_state' });
    await expect(client.deviceManager.startLevelMeter()).rejects.toMatchObject({ code: 'invalid_state' });
    expect(devices.liveTracks).toEqual([]);
    expect(devices.meters.size).toBe(0);
  });
});

describe('startPreheatDevices()', () => {
  it('opens the devices that the next call takes, once', async () => {
    const { client, devices } = await createTestClient();
    await client.deviceManager.startPreheatDevices();
    await client.deviceManager.startPreheatDevices();
    const opened = devices.liveTracks;

    client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();
    client.deviceManager.stopPreheatDevices();
    await nextTurn();

    expect(opened).toHaveLength(2);
    expect(devices.liveTracks).toEqual(opened);
  });

  it('serves a call that begins while the person is still being asked, with that one question', async () => {
    const { client, devices } = await createTestClient();
    const question = Promise.withResolvers<void>();
    devices.question = question.promise;
    const preheating = client.deviceManager.startPreheatDevices();
    const call = client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    question.resolve();
    await preheating;
    await nextTurn();

    expect(devices.opened).toHaveLength(1);
    expect(call.isMicrophoneAvailable).toBe(true);
    expect(call.localVideoStreams).toHaveLength(1);
  });

  it('leaves nothing on that is not the device wanted by then', async () => {
    const { client, devices } = await createTestClient();
    await client.deviceManager.startPreheatDevices();
    await client.deviceManager.setCamera(camera);

    client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();

    expect(devices.liveTracks.map(({ label }) => label)).toEqual(['The mic-1', 'The cam-2']);
  });

  it('opens the microphone alone where the camera is refused', async () => {
    const { client, devices } = await createTestClient();
    devices.refusals.video = 'NotReadableError';

    await client.deviceManager.startPreheatDevices();

    expect(devices.liveTracks.map(({ kind }) => kind)).toEqual(['audio']);
  });

  it.each([
    ['stopPreheatDevices()', async (client: Client) => client.deviceManager.stopPreheatDevices()],
    ['dispose()', (client: Client) => client.dispose()],
  ])('is undone by %s', async (_, undo) => {
    const { client, devices } = await createTestClient();
    await client.deviceManager.startPreheatDevices();

    await undo(client);
    await nextTurn();

    expect(devices.liveTracks).toEqual([]);
  });

  it('is refused after dispose()', async () => {
    const { client } = await createTestClient();
    await client.dispose();

    await expect(client.deviceManager.startPreheatDevices()).rejects.toMatchObject({ code: 'invalid_state' });
  });
});

type Client = Awaited<ReturnType<typeof createTestClient>>['client'];
