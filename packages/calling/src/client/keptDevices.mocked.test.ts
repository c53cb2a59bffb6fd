import { beforeEach, expect, it, vi } from 'vitest';
import { browser } from '../testing/browserOfFakes.ts';
import { nextTurn } from '../testing/testClient.ts';
import { CallClientFactory } from './CallClientFactory.ts';

const kept = new Map<string, string>();

beforeEach(() => {
  browser.page.createElement = (tagName) =>
    Object.assign(new browser.MediaElement(browser.page, tagName), {
      setSinkId: async () => {},
    });
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
});

/** A visit of the page: the devices it begins with. */
async function visit() {
  const { deviceManager } = await CallClientFactory.create('a token', { endpoint: 'http://localhost' });
  await nextTurn();
  const chosen = [deviceManager.getCamera(), deviceManager.getMicrophone(), deviceManager.getSpeaker()];

  return { deviceManager, chosen: chosen.map((device) => device?.id) };
}

it('camera, microphone and speaker that were chosen are those of the next visit, by localStorage', async () => {
  browser.devices.plug('audioinput', 'mic-2');
  browser.devices.plug('audiooutput', 'speaker-2');
  const { deviceManager: first, chosen } = await visit();
  expect(chosen).toEqual([undefined, undefined, undefined]);
  const [cameras, microphones, speakers] = [
    await first.getCameraList(),
    await first.getMicrophoneList(),
    await first.getSpeakerList(),
  ];
  await first.setCamera(cameras.at(-1) as never);
  await first.setMicrophone(microphones.at(-1) as never);
  await first.setSpeaker(speakers.at(-1) as never);

  expect((await visit()).chosen).toEqual(['cam-2', 'mic-2', 'speaker-2']);
});
