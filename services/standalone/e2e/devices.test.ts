import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { openCallPage } from './support/callPage.ts';
import { alice, bob } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { pitchOf } from './support/probes.ts';
import { guestToken, userToken } from './support/tokens.ts';

const poll = { timeout: 20_000, interval: 100 } as const;
const opened = new AsyncDisposableStack();
let platform: TestPlatform;
let browsers: { alice: Browser; bob: Browser };

beforeAll(async () => {
  platform = opened.use(await startTestPlatform());
  const [ofAlice, ofBob] = await Promise.all([
    openBrowser(alice, platform.folder),
    openBrowser(bob, platform.folder),
  ]);
  browsers = { alice: ofAlice, bob: ofBob };
  opened.defer(() => ofAlice.close());
  opened.defer(() => ofBob.close());
});

afterAll(() => opened.disposeAsync());

declare global {
  interface Window {
    /** Chromium's fake devices cannot vanish: from now on these are missing, what was opened of them ends, and the page is told. */
    unplug(...ids: string[]): void;
  }
}

/** Somebody in the demo room, whose devices can be pulled out. */
async function inRoom(stack: AsyncDisposableStack, name: 'Alice' | 'Bob' | 'Guest'): Promise<Page> {
  const token =
    name === 'Guest' ? await guestToken(platform, name) : await userToken(platform, name.toLowerCase());
  const browser = name === 'Alice' ? browsers.alice : browsers.bob;
  const { page } = stack.use(await openCallPage({ platform, browser, token }));
  await page.waitForFunction(() => window.application.call.isMicrophoneAvailable);
  await page.evaluate(() => {
    const { mediaDevices } = navigator;
    const list = mediaDevices.enumerateDevices.bind(mediaDevices);
    const open = mediaDevices.getUserMedia.bind(mediaDevices);
    const missing = new Set<string | undefined>();
    const tracks: MediaStreamTrack[] = [];
    mediaDevices.enumerateDevices = async () =>
      (await list()).filter(({ deviceId }) => !missing.has(deviceId));
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await open(constraints);
      const captured = stream.getTracks();
      tracks.push(...captured);
      if (captured.some((track) => missing.has(track.getSettings().deviceId))) {
        captured.forEach((track) => track.stop());
        throw new DOMException('It is not there.', 'NotFoundError');
      }

      return stream;
    };
    window.unplug = (...ids) => {
      ids.forEach((id) => missing.add(id));
      for (const track of tracks.filter((one) => one.readyState === 'live')) {
        if (missing.has(track.getSettings().deviceId)) {
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
      }
      mediaDevices.dispatchEvent(new Event('devicechange'));
    };
  });

  return page;
}

/** Where the voices of the others come out, each in an element of its own. */
const sinks = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...document.querySelectorAll('audio')].map(({ sinkId }) => sinkId));

describe('the lists of devices', () => {
  it('tell which were pulled out, each kind for itself', async () => {
    await using stack = new AsyncDisposableStack();
    const page = await inRoom(stack, 'Alice');

    const told = await page.evaluate(async () => {
      const { deviceManager } = window.application.client;
      const [cameras, microphones, speakers] = await Promise.all([
        deviceManager.getCameraList(),
        deviceManager.getMicrophoneList(),
        deviceManager.getSpeakerList(),
      ]);
      const gone = [cameras, microphones, speakers].map((list) => list.at(-1));
      const events: Record<string, (string | undefined)[]> = {};
      const all = Promise.all(
        (['camerasUpdated', 'microphonesUpdated', 'speakersUpdated'] as const).map(
          (event) =>
            new Promise<void>((resolve) => {
              deviceManager.once(event, ({ added, removed }) => {
                events[event] = [...added, ...removed].map(({ name }) => name);
                resolve();
              });
            }),
        ),
      );
      window.unplug(...gone.map((device) => device?.id ?? ''));
      await all;

      return { events, names: gone.map((device) => device?.name) };
    });

    expect(Object.values(told.events)).toEqual(told.names.map((name) => [name]));
    expect(told.names).not.toContain('');
  });
});

describe('a microphone', () => {
  it('that is chosen while muted is taken then, and one that is pulled out gives way to another that is heard', async () => {
    await using stack = new AsyncDisposableStack();
    const page = await inRoom(stack, 'Alice');
    const listener = await inRoom(stack, 'Bob');

    const outcome = await page.evaluate(async () => {
      const { call, client } = window.application;
      const { deviceManager } = client;
      const chosen = (await deviceManager.getMicrophoneList()).at(-1);
      if (chosen === undefined) {
        throw new Error('There is no microphone.');
      }
      await call.mute();
      await deviceManager.setMicrophone(chosen);
      const replaced = new Promise<[string, string]>((resolve) => {
        call.once('mediaDeviceReplaced', ({ failed, replacement }) => resolve([failed.id, replacement.id]));
      });
      // It ends, which is told, only where it has really been opened.
      window.unplug(chosen.id);
      const [failed, replacement] = await replaced;
      // Which device was taken is learnt from the next list.
      while (deviceManager.getMicrophone()?.id !== replacement) {
        await new Promise<void>((resolve) => deviceManager.once('selectedMicrophoneChanged', resolve));
      }
      await call.unmute();

      return {
        failed: failed === chosen.id,
        isOther: replacement !== chosen.id,
      };
    });

    expect(outcome).toEqual({ failed: true, isOther: true });
    await listener.waitForFunction(() => window.application.person('Alice')?.audioStreams.length === 1);
    await listener.evaluate(() => {
      const stream = window.application.person('Alice')?.audioStreams[0]?.mediaStream;
      if (stream !== undefined) {
        window.probes.streams.set('Alice', stream);
      }
    });
    await expect
      .poll(async () => Math.abs((await pitchOf(listener, 'Alice')) - alice.pitch), poll)
      .toBeLessThan(20);
  });

  it('moves its level meter, and is off again with it', async () => {
    await using stack = new AsyncDisposableStack();
    const page = await inRoom(stack, 'Alice');
    await page.mouse.click(10, 10);

    const level = await page.evaluate(async () => {
      const meter = await window.application.client.deviceManager.startLevelMeter();
      await new Promise<void>((resolve) => {
        meter.on('levelChanged', () => meter.level > 20 && resolve());
      });
      meter.dispose();

      return meter.level;
    });

    expect(level).toBeGreaterThan(20);
    expect(level).toBeLessThanOrEqual(100);
  });
});

describe('a speaker that is chosen', () => {
  it('plays everybody, who comes later among them, until it is pulled out', async () => {
    await using stack = new AsyncDisposableStack();
    const page = await inRoom(stack, 'Alice');
    await inRoom(stack, 'Bob');
    await expect.poll(async () => (await sinks(page)).length, poll).toBe(1);
    const chosen = await page.evaluate(async () => {
      const { deviceManager } = window.application.client;
      const speaker = (await deviceManager.getSpeakerList()).at(-1);
      if (speaker === undefined) {
        throw new Error('There is no speaker.');
      }
      await deviceManager.setSpeaker(speaker);

      return speaker.id;
    });
    expect(await sinks(page)).toEqual([chosen]);

    await inRoom(stack, 'Guest');
    await expect.poll(() => sinks(page), poll).toEqual([chosen, chosen]);
    await page.evaluate((id) => window.unplug(id), chosen);

    await expect.poll(() => sinks(page), poll).toEqual(['', '']);
  });
});

describe('what was chosen', () => {
  it('is chosen again when the page is loaded anew', async () => {
    await using stack = new AsyncDisposableStack();
    const page = await inRoom(stack, 'Alice');
    const chosen = await page.evaluate(async () => {
      const { deviceManager } = window.application.client;
      const [camera, microphone, speaker] = [
        (await deviceManager.getCameraList()).at(-1),
        (await deviceManager.getMicrophoneList()).at(-1),
        (await deviceManager.getSpeakerList()).at(-1),
      ];
      if (camera === undefined || microphone === undefined || speaker === undefined) {
        throw new Error('There are no devices.');
      }
      await deviceManager.setCamera(camera);
      await deviceManager.setMicrophone(microphone);
      await deviceManager.setSpeaker(speaker);

      return [camera.id, microphone.id, speaker.id];
    });

    await page.reload();
    await page.waitForFunction(() => window.application?.call.state === 'Connected');

    await expect
      .poll(
        () =>
          page.evaluate(() => {
            const { deviceManager } = window.application.client;

            return [
              deviceManager.getCamera()?.id,
              deviceManager.getMicrophone()?.id,
              deviceManager.getSpeaker()?.id,
            ];
          }),
        poll,
      )
      .toEqual(chosen);
  });
});
