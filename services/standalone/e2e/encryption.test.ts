import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeCallSettings } from './support/callSettings.ts';
import {
  endpointIdOf,
  framesDecoded,
  hears,
  key,
  openEncryptedRoom,
  poll,
  sees,
  setKey,
  show,
  stateOf,
  type EncryptedRoom,
} from './support/encryptedRoom.ts';
import { alice, bob, carol, type Person } from './support/people.ts';
import { keyFramesEncoded, receivedVideo } from './support/probes.ts';

const otherKey = Uint8Array.from(key, (byte) => byte ^ 1);
const opened = new AsyncDisposableStack();
let room: EncryptedRoom;
let enter: EncryptedRoom['enter'];

beforeAll(async () => {
  room = opened.use(await openEncryptedRoom());
  enter = (...entering) => room.enter(...entering);
});

afterAll(() => opened.disposeAsync());

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

    // Each for long enough to be sent with.
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

  it('go on seeing each other while keys change faster than they are sent with, as when many come and go', async () => {
    await using stack = new AsyncDisposableStack();
    const sender = await enter(stack, alice);
    const viewer = await enter(stack, bob);
    await show(viewer, alice);
    await sees(viewer, alice);

    for (let keyIndex = 1; keyIndex <= 8; keyIndex += 1) {
      const next = Uint8Array.from(key, (byte) => byte ^ keyIndex);
      await setKey(sender, next, { keyIndex });
      await setKey(viewer, next, { keyIndex });
      // Some half a second of pictures; a key is sent with after a whole one.
      const before = await framesDecoded(viewer);
      await expect.poll(() => framesDecoded(viewer), poll).toBeGreaterThan(before + 10);
    }

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

describe('in a call with audio slots', () => {
  it('each voice is decrypted with the key of who is heard', async () => {
    await changeCallSettings(room.platform, { everyoneHeardUpTo: 2 });
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
