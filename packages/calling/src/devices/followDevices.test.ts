import { createDeferred } from '@parley/kit';
import { expect, it } from 'vitest';
import { asMediaStream, FakeStream } from '../testing/fakeMediaStream.ts';
import { FakePage } from '../testing/fakePage.ts';
import { connectedCall } from '../testing/connectedCall.ts';
import type { FakeDevices } from '../testing/FakeDevices.ts';
import { createTestClient, nextTurn } from '../testing/testClient.ts';
import type { AudioDeviceInfo } from './deviceTypes.ts';

const live = (devices: FakeDevices): string[] => devices.liveTracks.map(({ label }) => label);

it('a microphone that the person picks in the question of the browser stays, whichever is first in the list', async () => {
  const { client, devices } = await createTestClient();
  devices.plug('audioinput', 'mic-2');
  const named = await devices.enumerateDevices();
  const nameless = named.map(({ kind }) => ({
    kind,
    deviceId: '',
    label: '',
    groupId: '',
    toJSON: () => ({}),
  }));
  let hasAnswered = false;
  devices.enumerateDevices = async () => (hasAnswered ? named : nameless);
  await client.deviceManager.getMicrophoneList();
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async () => {
    hasAnswered = true;

    return open({ audio: { deviceId: { exact: 'mic-2' } } });
  };

  client.join({ roomId: 'room-1' });
  await nextTurn();

  expect(devices.opened).toHaveLength(1);
  expect(live(devices)).toEqual(['The mic-2']);
  expect(client.deviceManager.getMicrophone()?.id).toBe('mic-2');
});

it('the choice of the system is followed by a call although a level meter was used since', async () => {
  const { client, devices } = await createTestClient();
  devices.setDefaultMicrophone('Default - The mic-1');
  client.join({ roomId: 'room-1' });
  await nextTurn();
  const meter = await client.deviceManager.startLevelMeter();
  meter.dispose();
  await nextTurn();

  devices.setDefaultMicrophone('Default - Headset');
  await nextTurn();

  expect(live(devices)).toEqual(['Default - Headset']);
});

it('a microphone that nobody has granted is not asked for because another one was plugged in', async () => {
  const { client, devices } = await createTestClient();
  devices.refusals.audio = 'NotAllowedError';
  client.join({ roomId: 'room-1' });
  await nextTurn();
  expect(devices.opened).toHaveLength(1);

  devices.setDefaultMicrophone('Default - Headset');
  await nextTurn();

  expect(devices.opened).toHaveLength(1);
});

it('the only microphone, pulled out and plugged in again, is sent again', async () => {
  const { call, devices, media } = await connectedCall();
  devices.unplug('mic-1');
  await nextTurn();
  expect(call.isMicrophoneAvailable).toBe(false);

  devices.plug('audioinput', 'mic-1');
  await nextTurn();

  expect(call.isMicrophoneAvailable).toBe(true);
  expect(live(devices)).toEqual(['The mic-1']);
  expect(media.session.sentFrom('microphone')?.state).toBe('sending');
});

it('a microphone that the person has taken back is not asked for because it is plugged in again', async () => {
  const { call, devices } = await connectedCall();
  devices.refusals.audio = 'NotAllowedError';
  devices.liveTracks[0]?.end();
  await nextTurn();
  const { length } = devices.opened;

  devices.unplug('mic-1');
  devices.plug('audioinput', 'mic-1');
  await nextTurn();

  expect(call.isMicrophoneAvailable).toBe(false);
  expect(devices.opened).toHaveLength(length);
});

it('the microphone that was chosen last is in use, also when the one before takes longer to open', async () => {
  const { client, devices } = await connectedCall();
  devices.plug('audioinput', 'mic-2');
  devices.plug('audioinput', 'mic-3');
  const [, second, third] = (await client.deviceManager.getMicrophoneList()) as [
    AudioDeviceInfo,
    AudioDeviceInfo,
    AudioDeviceInfo,
  ];
  const slow = createDeferred<void>();
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    await (JSON.stringify(constraints).includes('mic-2') ? slow.promise : undefined);

    return open(constraints);
  };

  const choosing = [client.deviceManager.setMicrophone(second), client.deviceManager.setMicrophone(third)];
  await nextTurn();
  slow.resolve();
  await Promise.all(choosing);

  expect(live(devices)).toEqual(['The mic-3']);
  expect(client.deviceManager.getMicrophone()?.id).toBe('mic-3');
});

it('a storm of changes, as of earphones that connect, ends with one microphone, that of the system', async () => {
  const { client, devices } = await createTestClient();
  devices.setDefaultMicrophone('Default - The mic-1');
  client.join({ roomId: 'room-1' });
  await nextTurn();

  devices.setDefaultMicrophone('Default - Earphones');
  devices.setDefaultMicrophone('Default - The mic-1');
  devices.setDefaultMicrophone('Default - Earphones');
  await nextTurn();

  expect(live(devices)).toEqual(['Default - Earphones']);
});

it('a chosen speaker that is listed before it can be had is taken with a later list', async () => {
  const asked: string[] = [];
  let isReady = false;
  class PageWithSpeakers extends FakePage {
    override createElement(tagName: string) {
      return Object.assign(super.createElement(tagName), {
        setSinkId: async (id: string) => {
          if (id !== '' && !isReady) {
            throw new DOMException('not yet', 'NotFoundError');
          }
          asked.push(id);
        },
      });
    }
  }
  const deviceMemory = { read: () => ({ speaker: 'speaker-1' }), write: () => {} };
  const { devices, audioOutput } = await createTestClient({ deviceMemory, page: new PageWithSpeakers() });
  audioOutput.play(asMediaStream(new FakeStream([])));
  await nextTurn();
  isReady = true;

  devices.plug('videoinput', 'cam-3');
  await nextTurn();

  expect(asked.at(-1)).toBe('speaker-1');
});
