import type { AudioDeviceInfo, MediaDeviceReplacement } from '@parley/calling';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { listenTo, openCallPage } from './support/callPage.ts';
import { alice, bob } from './support/people.ts';
import { hears } from './support/perceive.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { missingForSound, SoundServer } from './support/SoundServer.ts';
import { userToken } from './support/tokens.ts';
import { untried } from './support/untried.ts';

const missing = await missingForSound();

/** Hertz, of what each headset's microphone hears. */
const pitches = { desk: 500, headset: 900, borrowed: 1300 };

describe.skipIf(missing !== undefined)('a microphone of the system', untried(missing), () => {
  const opened = new AsyncDisposableStack();
  let platform: TestPlatform;
  let sound: SoundServer;
  let browsers: { alice: Browser; bob: Browser };

  beforeAll(async () => {
    platform = opened.use(await startTestPlatform());
    sound = opened.use(await SoundServer.start());
    for (const name of ['desk', 'headset'] as const) {
      await sound.plugIn(name);
      sound.play(name, pitches[name]);
    }
    await sound.choose('desk');
    const [ofAlice, ofBob] = [
      await openBrowser(alice, platform.folder, { sound }),
      await openBrowser(bob, platform.folder),
    ];
    browsers = { alice: ofAlice, bob: ofBob };
    opened.defer(() => ofAlice.close());
    opened.defer(() => ofBob.close());
  });

  afterAll(() => opened.disposeAsync());

  /** Alice with the microphones, and Bob, who hears her. */
  async function meet(stack: AsyncDisposableStack): Promise<{ speaker: Page; listener: Page }> {
    const enter = async (name: 'alice' | 'bob'): Promise<Page> => {
      const token = await userToken(platform, name);

      return stack.use(await openCallPage({ platform, browser: browsers[name], token })).page;
    };
    const pages = { speaker: await enter('alice'), listener: await enter('bob') };
    await listenTo(pages.listener, alice.name);

    return pages;
  }

  const hearsHeadset = (page: Page, name: keyof typeof pitches): Promise<void> =>
    hears(page, { ...alice, pitch: pitches[name] });

  it('is measured by a level meter of its own', async () => {
    await using stack = new AsyncDisposableStack();
    await sound.plugIn('quiet');
    stack.defer(() => sound.unplug('quiet'));
    const { speaker } = await meet(stack);
    await speaker.evaluate(() => {
      window.levels = async (wanted) => {
        const { deviceManager } = window.application.client;
        const found = (await deviceManager.getMicrophoneList()).find(({ name }) => name === wanted);
        const meter = await deviceManager.startLevelMeter(found);

        return {
          get level() {
            return meter.level;
          },
          isLoud: new Promise((resolve) => {
            meter.on('levelChanged', () => {
              if (meter.level > 50) {
                resolve();
              }
            });
          }),
        };
      };
    });

    const quietLevel = await speaker.evaluate(async () => {
      const [quiet, desk] = [await window.levels('quiet microphone'), await window.levels('desk microphone')];
      Object.assign(window, { quiet });
      await desk.isLoud;

      return quiet.level;
    });
    expect(quietLevel).toBe(0);

    sound.play('quiet', pitches.borrowed);
    await speaker.evaluate(() => window.quiet.isLoud);
  });

  it("is heard when it is the system's choice, and no more when another is chosen", async () => {
    await using stack = new AsyncDisposableStack();
    const { speaker, listener } = await meet(stack);
    await hearsHeadset(listener, 'desk');
    expect(await microphonesOf(speaker)).toEqual(['Default', 'desk microphone', 'headset microphone']);

    await choose(speaker, 'headset microphone');
    await hearsHeadset(listener, 'headset');
    await choose(speaker, 'desk microphone');
    await hearsHeadset(listener, 'desk');
  });

  it("that is unplugged gives way to the system's choice, which is told, and is on the lists no more", async () => {
    await using stack = new AsyncDisposableStack();
    await sound.plugIn('borrowed');
    sound.play('borrowed', pitches.borrowed);
    const { speaker, listener } = await meet(stack);
    await choose(speaker, 'borrowed microphone');
    await hearsHeadset(listener, 'borrowed');
    await speaker.evaluate(() => {
      const { call, client } = window.application;
      const gone: string[] = [];
      const note = ({ removed }: { removed: readonly { name: string }[] }): void =>
        void gone.push(...removed.map(({ name }) => name));
      client.deviceManager.on('microphonesUpdated', note);
      client.deviceManager.on('speakersUpdated', note);
      window.unplugged = { gone, replacements: [] };
      call.on('mediaDeviceReplaced', (replacement) => window.unplugged.replacements.push(replacement));
      call.on('mediaDeviceFailed', ({ code }) => gone.push(`the microphone: ${code}`));
    });

    await sound.unplug('borrowed');

    await speaker.waitForFunction(() => window.unplugged.replacements.length > 0);
    await hearsHeadset(listener, 'desk');
    await speaker.waitForFunction(() => window.unplugged.gone.length >= 2);
    expect(await speaker.evaluate(() => window.unplugged)).toMatchObject({
      replacements: [
        { device: 'microphone', failed: { name: 'borrowed microphone' }, replacement: { name: 'Default' } },
      ],
      gone: expect.arrayContaining(['borrowed microphone', 'borrowed speaker']),
    });
    expect(await microphonesOf(speaker)).toEqual(['Default', 'desk microphone', 'headset microphone']);
    expect(await speaker.evaluate(() => window.application.call.isMuted)).toBe(false);
  });
});

interface Levels {
  readonly level: number;
  /** Resolves when it is louder than half. */
  readonly isLoud: Promise<void>;
}

declare global {
  interface Window {
    levels(microphone: string): Promise<Levels>;
    quiet: Levels;
    unplugged: { gone: string[]; replacements: MediaDeviceReplacement[] };
  }
}

const microphonesOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const { deviceManager } = window.application.client;

    return (await deviceManager.getMicrophoneList()).map(({ name }) => name);
  });

async function choose(page: Page, wanted: string): Promise<void> {
  const chosen = await page.evaluate(async (name): Promise<AudioDeviceInfo | undefined> => {
    const { deviceManager } = window.application.client;
    const found = (await deviceManager.getMicrophoneList()).find((microphone) => microphone.name === name);
    if (found !== undefined) {
      await deviceManager.setMicrophone(found);
    }

    return deviceManager.getMicrophone();
  }, wanted);
  expect(chosen?.name).toBe(wanted);
}
