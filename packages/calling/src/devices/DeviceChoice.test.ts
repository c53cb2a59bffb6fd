import { afterEach, describe, expect, it, vi } from 'vitest';
import { asMediaStream, FakeStream } from '../testing/fakeMediaStream.ts';
import { FakePage } from '../testing/fakePage.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import { browserMemory, type DeviceMemory } from './DeviceMemory.ts';
import type { AudioDeviceInfo } from './deviceTypes.ts';

const camera = { id: 'cam-2', name: 'The cam-2' };

async function manager() {
  const parts = await createTestClient();
  await nextTurn();

  return { ...parts, deviceManager: parts.client.deviceManager };
}

/** A page whose elements can be directed to speakers. */
class PageWithSpeakers extends FakePage {
  readonly asked: string[] = [];

  override createElement(tagName: string) {
    return Object.assign(super.createElement(tagName), {
      setSinkId: async (id: string) => void this.asked.push(id),
    });
  }
}

class FakeMemory implements DeviceMemory {
  readonly kept: Record<string, string> = {};

  read() {
    return this.kept;
  }

  write(kind: string, id: string): void {
    this.kept[kind] = id;
  }
}

describe('what was chosen', () => {
  it('is chosen again by the next client, and a call begins with it', async () => {
    const deviceMemory = new FakeMemory();
    const { client: first } = await createTestClient({ deviceMemory });
    await first.deviceManager.setCamera(camera);

    const { client, devices } = await createTestClient({ deviceMemory });
    await nextTurn();
    expect(client.deviceManager.getCamera()).toEqual(camera);
    client.join({ roomId: 'room-1' }, { videoOptions: { camera: true } });
    await nextTurn();

    expect(devices.opened.at(-1)).toMatchObject({ video: { deviceId: { exact: 'cam-2' } } });
  });

  it('and is not there is not taken, and is again when it is plugged in', async () => {
    const deviceMemory = new FakeMemory();
    deviceMemory.write('microphone', 'headset');
    const { client, devices, media } = await createTestClient({ deviceMemory });
    await nextTurn();
    const { deviceManager } = client;
    const selected: (string | undefined)[] = [];
    deviceManager.on('selectedMicrophoneChanged', () => selected.push(deviceManager.getMicrophone()?.id));
    client.join({ roomId: 'room-1' });
    await nextTurn();
    expect(devices.opened).toHaveLength(1);

    devices.plug('audioinput', 'headset');
    await nextTurn();

    expect(selected).toEqual(['mic-1', 'headset']);
    expect(devices.liveTracks.map(({ label }) => label)).toEqual(['The headset']);
    expect(media.session.sentFrom('microphone')?.state).toBe('sending');
  });

  it('is forgotten where nothing may be remembered', async () => {
    const { client: first } = await createTestClient();
    await first.deviceManager.setCamera(camera);
    const { client } = await createTestClient();
    await nextTurn();

    expect(client.deviceManager.getCamera()).toBeUndefined();
  });
});

describe('the memory of a browser', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('keeps each kind of device under one key', () => {
    const kept = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });

    browserMemory.write('camera', 'cam-2');
    browserMemory.write('speaker', 'speaker-1');

    expect([...kept.keys()]).toEqual(['parley.devices']);
    expect(browserMemory.read()).toEqual({ camera: 'cam-2', speaker: 'speaker-1' });
    kept.set('parley.devices', '{"camera":7}');
    expect(browserMemory.read()).toEqual({});
  });

  it('is empty, silently, where the browser does not allow it', () => {
    const refuse = (): never => {
      throw new DOMException('not allowed', 'SecurityError');
    };
    vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse });

    browserMemory.write('camera', 'cam-2');

    expect(browserMemory.read()).toEqual({});
  });
});

describe('the microphone of the system', () => {
  it('is followed by calls when it changes, while none is chosen', async () => {
    const { client, deviceManager, devices } = await manager();
    devices.setDefaultMicrophone('Default - The mic-1');
    await nextTurn();
    client.join({ roomId: 'room-1' });
    await nextTurn();

    devices.setDefaultMicrophone('Default - Headset');
    await nextTurn();

    expect(devices.liveTracks.map(({ label }) => label)).toEqual(['Default - Headset']);
    expect(deviceManager.getMicrophone()).toMatchObject({ id: 'default', name: 'Default - Headset' });
  });

  it('is not followed while one is chosen', async () => {
    const { client, deviceManager, devices } = await manager();
    const [microphone] = await deviceManager.getMicrophoneList();
    await deviceManager.setMicrophone(microphone as AudioDeviceInfo);
    client.join({ roomId: 'room-1' });
    await nextTurn();

    devices.setDefaultMicrophone('Default - Headset');
    await nextTurn();

    expect(devices.liveTracks.map(({ label }) => label)).toEqual(['The mic-1']);
  });
});

describe('a chosen speaker', () => {
  it('that vanishes leaves everything on the choice of the system, and is taken again when it is back', async () => {
    const deviceMemory = new FakeMemory();
    deviceMemory.write('speaker', 'speaker-1');
    const page = new PageWithSpeakers();
    const { client, devices, audioOutput } = await createTestClient({ deviceMemory, page });
    audioOutput.play(asMediaStream(new FakeStream([])));
    await nextTurn();
    expect(client.deviceManager.getSpeaker()?.id).toBe('speaker-1');

    devices.unplug('speaker-1');
    await nextTurn();
    expect(client.deviceManager.getSpeaker()).toBeUndefined();
    devices.plug('audiooutput', 'speaker-1');
    await nextTurn();

    expect(page.asked).toEqual(['speaker-1', '', 'speaker-1']);
  });
});

describe('the released names', () => {
  it('list and choose the same devices', async () => {
    const { client, devices } = await createTestClient({ page: new PageWithSpeakers() });
    const { deviceManager } = client;
    devices.plug('audioinput', 'mic-2');

    await expect(deviceManager.getCameras()).resolves.toEqual(await deviceManager.getCameraList());
    const microphones = await deviceManager.getMicrophones();
    const [speaker] = await deviceManager.getSpeakers();
    await deviceManager.selectMicrophone(microphones[1] as AudioDeviceInfo);
    await deviceManager.selectSpeaker(speaker as AudioDeviceInfo);

    expect(deviceManager.selectedMicrophone).toMatchObject({ id: 'mic-2' });
    expect(deviceManager.getMicrophone()).toBe(deviceManager.selectedMicrophone);
    expect(deviceManager.selectedSpeaker).toMatchObject({ id: 'speaker-1' });
    expect(deviceManager.getSpeaker()).toBe(deviceManager.selectedSpeaker);
  });

  it('tell what was plugged in and unplugged', async () => {
    const { deviceManager, devices } = await manager();
    const told: unknown[] = [];
    deviceManager.on('videoDevicesUpdated', (update) => told.push(update));
    deviceManager.on('audioDevicesUpdated', (update) => told.push(update));

    devices.unplug('cam-2');
    devices.unplug('mic-1');
    devices.plug('audiooutput', 'speaker-2');
    await nextTurn();

    expect(told).toMatchObject([
      { added: [], removed: [camera] },
      { added: [], removed: [{ id: 'mic-1' }] },
      { added: [{ id: 'speaker-2' }], removed: [] },
    ]);
  });

  it('say whether the speaker can be chosen', async () => {
    const { deviceManager } = await manager();
    const { client } = await createTestClient({ page: new PageWithSpeakers() });

    expect(deviceManager.isSpeakerSelectionAvailable).toBe(false);
    expect(client.deviceManager.isSpeakerSelectionAvailable).toBe(true);
  });
});
