import { expect } from 'vitest';
import { browser } from '../browserOfFakes.ts';
import { connectedCall } from '../connectedCall.ts';
import { createTestClient } from '../testClient.ts';
import type { Names } from './Names.ts';

async function chosenDevices() {
  const { client, page } = await createTestClient();
  page.createElement = (tagName) =>
    Object.assign(new browser.MediaElement(page, tagName), { setSinkId: async () => {} });
  const { deviceManager } = client;
  const [microphone] = await deviceManager.getMicrophoneList();
  const [speaker] = await deviceManager.getSpeakerList();
  if (microphone === undefined || speaker === undefined) {
    throw new Error('There is no device.');
  }

  return { deviceManager, microphone, speaker };
}

export const devicesNames: Record<string, Names> = {
  permission: {
    async seed() {
      const { client } = await createTestClient();

      expect(await client.deviceManager.askDevicePermission(true, true)).toEqual({
        audio: true,
        video: true,
      });
    },
    async released() {
      const { client, devices } = await createTestClient();
      devices.refusals.video = 'NotAllowedError';
      const access = await client.deviceManager.askDevicePermission({ audio: true, video: true });

      expect(access).toEqual({ audio: true, video: false });
    },
  },
  'permission state': {
    async seed() {
      const { client, devices } = await createTestClient();
      expect(client.deviceManager.getPermissionState('Microphone')).toBe('Unknown');
      devices.refusals.audio = 'NotAllowedError';
      await client.deviceManager.askDevicePermission(true, false);

      expect(client.deviceManager.getPermissionState('Microphone')).toBe('Denied');
    },
  },
  'device lists': {
    async seed() {
      const { deviceManager } = (await createTestClient()).client;
      const lists = [
        await deviceManager.getCameraList(),
        await deviceManager.getMicrophoneList(),
        await deviceManager.getSpeakerList(),
      ];

      expect(lists.map((list) => list.map(({ id }) => id))).toEqual([
        ['cam-1', 'cam-2'],
        ['mic-1'],
        ['speaker-1'],
      ]);
    },
    async released() {
      const { deviceManager } = (await createTestClient()).client;
      const lists = [
        await deviceManager.getCameras(),
        await deviceManager.getMicrophones(),
        await deviceManager.getSpeakers(),
      ];

      expect(lists.map((list) => list.map(({ id }) => id))).toEqual([
        ['cam-1', 'cam-2'],
        ['mic-1'],
        ['speaker-1'],
      ]);
    },
  },
  'device choice': {
    async seed() {
      const { deviceManager, microphone, speaker } = await chosenDevices();
      const [, camera] = await deviceManager.getCameraList();
      await deviceManager.setCamera(camera as never);
      await deviceManager.settMicrophone(microphone);
      await deviceManager.setSpeaker(speaker);
      expect(deviceManager.getCamera()).toEqual(camera);
      expect(deviceManager.gettMicrophone()).toEqual(microphone);
      expect(deviceManager.getSpeaker()).toEqual(speaker);
      const again = (await createTestClient()).client.deviceManager;
      await again.setMicrophone(microphone);
      expect(again.getMicrophone()).toEqual(microphone);
    },
    async released() {
      const { deviceManager, microphone, speaker } = await chosenDevices();
      await deviceManager.selectMicrophone(microphone);
      await deviceManager.selectSpeaker(speaker);

      expect(deviceManager.selectedMicrophone).toEqual(microphone);
      expect(deviceManager.selectedSpeaker).toEqual(speaker);
    },
  },
  preview: {
    async seed() {
      const { client, page } = await createTestClient();
      const { deviceManager } = client;
      const [first, second] = await deviceManager.getCameraList();
      const { asHtml } = page.target();
      const preview = await deviceManager.renderPreviewVideo(first, asHtml, 'Fit');
      expect([preview.isRendering, preview.target, preview.scalingMode]).toEqual([false, asHtml, 'Fit']);
      await preview.start();
      expect(preview.isRendering).toBe(true);
      await preview.switchDevice(second as never);
      preview.setScalingMode('Crop');
      expect([preview.videoDeviceInfo?.id, preview.scalingMode]).toEqual(['cam-2', 'Crop']);
      await preview.stop();
      expect(preview.isRendering).toBe(false);
    },
    async released() {
      const { client, call } = await connectedCall();
      const stream = await call.startVideo();
      const [, second] = await client.deviceManager.getCameras();
      await stream.switchSource(second as never);

      expect(stream.source).toEqual(second);
    },
  },
};
