import type { VideoCodec } from '@parley/calling';
import type { SetKeyOptions } from '@parley/calling/e2ee';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { changeCallSettings, operatorKey } from './support/callSettings.ts';
import { openEncryptedPage } from './support/encryptedPage.ts';
import { alice, bob, carol, type Person } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import {
  colourOf,
  isColourOf,
  keyFramesEncoded,
  pitchOf,
  received,
  receivedVideo,
} from './support/probes.ts';
import { framesForwardedTo, keepForwarded, openFrame } from './support/sealedFrames.ts';
import { guestToken, userToken } from './support/tokens.ts';

const poll = { timeout: 20_000, interval: 250 } as const;
const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const otherKey = Uint8Array.from(key, (byte) => byte ^ 1);
const opened = new AsyncDisposableStack();
const browsers = new Map<string, Browser>();
let platform: TestPlatform;

beforeAll(async () => {
  platform = await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey });
  opened.use(platform);
  const people: [string, Person, 'person' | 'pattern'][] = [
    ['Alice', alice, 'person'],
    ['Bob', bob, 'person'],
    ['Carol', carol, 'person'],
    ['large', alice, 'pattern'],
  ];
  for (const [name, person, camera] of people) {
    const browser = await openBrowser(person, platform.folder, { camera });
    browsers.set(name, browser);
    opened.defer(() => browser.close());
  }
});

afterAll(() => opened.disposeAsync());

interface Entering {
  /** Undefined without encryption. */
  key: Uint8Array | undefined;
  /** `large` has a camera of 720 lines. */
  browser?: string;
  prepare?: string;
  codec?: VideoCodec;
}

/** Somebody in the demo room with their camera on. */
async function enter(
  stack: AsyncDisposableStack,
  { name }: Person,
  entering: Entering = { key },
): Promise<Page> {
  const { browser: browserName = name, prepare = '', key: given, ...codec } = entering;
  const browser = browsers.get(browserName);
  if (browser === undefined) {
    throw new Error(`${name} has no browser.`);
  }
  const token = await (name === 'Carol'
    ? guestToken(platform, name)
    : userToken(platform, name.toLowerCase()));
  const bytes = given && [...given];
  const { page } = stack.use(
    await openEncryptedPage({ platform, browser, token, key: bytes, prepare, ...codec }),
  );

  return page;
}

/** Asks for the picture of somebody, which may never come. */
async function show(page: Page, { name }: Person, width = 640, height = 360): Promise<void> {
  await page.waitForFunction((who) => (window.encrypted.person(who)?.videoStreams.length ?? 0) > 0, name);
  await page.evaluate(([who, ...size]) => void window.encrypted.show(who, ...size).catch(() => {}), [
    name,
    width,
    height,
  ] as const);
}

async function sees(page: Page, other: Person): Promise<void> {
  await expect
    .poll(async () => isColourOf(await colourOf(page, `[data-name="${other.name}"] video`), other), poll)
    .toBe(true);
}

async function hears(page: Page, other: Person): Promise<void> {
  await expect
    .poll(async () => Math.abs((await pitchOf(page, other.name)) - other.pitch), poll)
    .toBeLessThan(20);
}

const setKey = (page: Page, bytes: Uint8Array, options: SetKeyOptions = {}): Promise<void> =>
  page.evaluate(async ([given, to]) => window.encrypted.encryption?.setKey(Uint8Array.from(given), to), [
    [...bytes],
    options,
  ] as const);

const stateOf = (page: Page, { name }: Person): Promise<string | undefined> =>
  page.evaluate((who) => {
    const application = window.encrypted;

    return application.encryption?.stateOf(application.person(who)?.endpointId ?? '');
  }, name);

const endpointIdOf = async (page: Page, { name }: Person): Promise<string> => {
  const found = await page.waitForFunction((who) => window.encrypted.person(who)?.endpointId, name);

  return String(await found.jsonValue());
};

const framesDecoded = async (page: Page): Promise<number> =>
  (await received(page)).framesDecoded.reduce((sum, frames) => sum + frames, 0);

describe('two pages with the same key', () => {
  it('see each other in VP9 as well', async () => {
    await using stack = new AsyncDisposableStack();
    const sender = await enter(stack, alice, { key, codec: 'VP9' });
    const page = await enter(stack, bob);
    await show(page, alice);
    await sees(page, alice);

    expect(await sender.evaluate(() => window.encrypted.call.localVideoStreams[0]?.codec)).toBe('VP9');
    expect(await stateOf(page, alice)).toBe('Encrypted');
  });

  it.each(['script transforms', 'encoded streams'])('see and hear each other, over %s', async (how) => {
    await using stack = new AsyncDisposableStack();
    const prepare = how === 'encoded streams' ? 'delete window.RTCRtpScriptTransform' : '';
    const pages = new Map([
      [bob, await enter(stack, alice, { key, prepare })],
      [alice, await enter(stack, bob, { key, prepare })],
    ]);

    for (const [other, page] of pages) {
      await show(page, other);
      await sees(page, other);
      await hears(page, other);
      expect(await stateOf(page, other)).toBe('Encrypted');
    }
  });

  it('switch layers up and down with the size of the picture', async () => {
    await using stack = new AsyncDisposableStack();
    await enter(stack, alice, { key, browser: 'large' });
    const page = await enter(stack, bob);
    const lines = async (): Promise<number> => (await receivedVideo(page)).frameHeight;
    await show(page, alice, 320, 180);
    await expect.poll(lines, poll).toBe(180);

    for (const [width, height] of [
      [1280, 720],
      [640, 360],
      [1280, 720],
      [320, 180],
    ] as const) {
      await page
        .locator('[data-name="Alice"]')
        .evaluate(
          (place, size) => Object.assign(place.style, { width: `${size[0]}px`, height: `${size[1]}px` }),
          [width, height] as const,
        );
      await expect.poll(lines, poll).toBe(height);
      const before = await framesDecoded(page);
      await expect.poll(() => framesDecoded(page), poll).toBeGreaterThan(before + 5);
    }
  });

  it('change keys three times without a freeze of a second', async () => {
    await using stack = new AsyncDisposableStack();
    const sender = await enter(stack, alice);
    const viewer = await enter(stack, bob);
    await show(viewer, alice);
    await sees(viewer, alice);
    await viewer.evaluate(() => {
      const gaps: number[] = [];
      Object.assign(window, { gaps });
      const video = document.querySelector('video');
      let last = performance.now();
      const look = (now: number): void => {
        gaps.push(now - last);
        last = now;
        video?.requestVideoFrameCallback(look);
      };
      video?.requestVideoFrameCallback(look);
    });
    const shown = (): Promise<number> =>
      viewer.evaluate(() => (window as unknown as { gaps: number[] }).gaps.length);

    // More than are kept at a time: what is seen in the end has the last one.
    for (const keyIndex of [1, 2, 3]) {
      const next = Uint8Array.from(key, (byte) => byte ^ keyIndex);
      await setKey(sender, next, { keyIndex });
      await setKey(viewer, next, { keyIndex });
      const before = await shown();
      // Two seconds of pictures, one after which the sender has changed over.
      await expect.poll(shown, poll).toBeGreaterThan(before + 40);
    }

    const gaps = await viewer.evaluate(() => (window as unknown as { gaps: number[] }).gaps);
    expect(Math.max(...gaps.slice(1))).toBeLessThan(1_000);
    expect(await viewer.evaluate(() => window.encrypted.changes.map(({ state }) => state))).toEqual([
      'Encrypted',
    ]);
  });
});

describe('a page with the wrong key', () => {
  it('decodes no frame, and has the picture paused rather than asked for again, until the right key comes', async () => {
    await using stack = new AsyncDisposableStack();
    const sender = await enter(stack, alice);
    const viewer = await enter(stack, bob, { key: otherKey });
    await show(viewer, alice);

    await expect.poll(() => stateOf(viewer, alice), poll).toBe('DecryptionFailed');
    const keyFrames = await keyFramesEncoded(sender);
    const packets = async (): Promise<number> => (await receivedVideo(viewer)).packets;
    let before = -1;
    await expect
      .poll(
        async () => {
          const now = await packets();
          const change = now - before;
          before = now;

          return change;
        },
        { timeout: 20_000, interval: 1_000 },
      )
      .toBe(0);
    expect(await framesDecoded(viewer)).toBe(0);
    expect((await keyFramesEncoded(sender)) - keyFrames).toBeLessThan(5);

    await setKey(viewer, key);
    await sees(viewer, alice);
    await hears(viewer, alice);
    expect(await stateOf(viewer, alice)).toBe('Encrypted');
  });
});

describe('a page without encryption', () => {
  it('decodes nothing of an encrypted one, which shows nothing of it and says why', async () => {
    await using stack = new AsyncDisposableStack();
    const encrypted = await enter(stack, alice);
    const plain = await enter(stack, carol, { key: undefined });
    await show(plain, alice);
    await show(encrypted, carol);

    await expect.poll(() => stateOf(encrypted, carol), poll).toBe('NotEncrypted');
    await expect.poll(async () => (await receivedVideo(plain)).packets, poll).toBeGreaterThan(50);
    expect(await framesDecoded(plain)).toBe(0);
    expect(await framesDecoded(encrypted)).toBe(0);
  });

  it('is forwarded by the server, beyond the clear bytes, nothing of a frame', async () => {
    await using stack = new AsyncDisposableStack();
    await enter(stack, alice);
    const plain = await enter(stack, carol, { key: undefined, prepare: keepForwarded });
    await show(plain, alice);

    const frames = await framesForwardedTo(plain, 30);

    const found = { bytes: 0, same: 0, runs: 0, clear: new Set<number>(), startCodes: new Set<string>() };
    for (const sealed of frames) {
      const clearBytes = sealed.kind === 'audio' ? 1 : ((sealed.bytes[0] ?? 0) & 1) === 0 ? 10 : 3;
      const frame = await openFrame(sealed, clearBytes, { key, source: sealed.kind === 'audio' ? 0 : 1 });
      found.clear.add(clearBytes);
      if (clearBytes === 10) {
        found.startCodes.add(frame.slice(3, 6).join());
      }
      const hidden = Buffer.from(sealed.bytes.slice(clearBytes));
      for (let at = clearBytes; at < frame.length; at += 1) {
        const run = Buffer.from(frame.slice(at, at + 8));
        found.bytes += 1;
        found.same += frame[at] === sealed.bytes[at] ? 1 : 0;
        found.runs += run.length === 8 && hidden.includes(run) ? 1 : 0;
      }
    }
    // They are what was sent: VP8 key frames have it (RFC 6386, section 9.1).
    expect([...found.startCodes]).toEqual(['157,1,42']);
    expect(found.clear).toContain(1);
    expect(found.runs).toBe(0);
    // As many as by chance: one of 256.
    expect(found.bytes).toBeGreaterThan(5_000);
    expect(found.same / found.bytes).toBeLessThan(0.01);
  });
});

describe('in a call with audio slots', () => {
  it('each voice is decrypted with the key of who is heard', async () => {
    await changeCallSettings(platform, { everyoneHeardUpTo: 2 });
    await using stack = new AsyncDisposableStack();
    const people = [alice, bob, carol] as const;
    const keyOf = (person: Person): Uint8Array =>
      Uint8Array.from(key, (byte) => byte ^ people.indexOf(person));
    const pages = new Map<Person, Page>();
    for (const person of people) {
      const page = await enter(stack, person, { key: otherKey });
      await setKey(page, keyOf(person), { participantId: 'own' });
      pages.set(person, page);
    }

    for (const [listener, page] of pages) {
      for (const speaker of people.filter((person) => person !== listener)) {
        const participantId = await endpointIdOf(page, speaker);
        await setKey(page, keyOf(speaker), { participantId });
        await hears(page, speaker);
        await expect.poll(() => stateOf(page, speaker), poll).toBe('Encrypted');
      }
      // Only slots name who is heard in them.
      const named = await page.evaluate(() =>
        window.probes.peerConnections.flatMap((connection) =>
          connection.getReceivers().flatMap((receiver) => receiver.getContributingSources()),
        ),
      );
      expect(named.length).toBeGreaterThan(0);
    }
  });
});
