import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { complaintsOf, openBrowser, openPage } from './support/browsers.ts';
import {
  audioPacketsDuring,
  endReason,
  screenshot,
  seesCameraOf,
  showsMute,
  signIn,
  startCamera,
  tileOf,
} from './support/meeting.ts';
import { alice, bob } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { received } from './support/probes.ts';

let platform: TestPlatform;
let browsers: { alice: Browser; bob: Browser };
let pages: { alice: Page; bob: Page };

beforeAll(async () => {
  platform = await startTestPlatform({ PARLEY_CALL_SETTINGS: '{"ringingTimeoutSeconds":5}' });
  browsers = {
    alice: await openBrowser(alice, platform.folder),
    bob: await openBrowser(bob, platform.folder),
  };
});

afterAll(async () => {
  await Promise.all([browsers.alice.close(), browsers.bob.close()]);
  await platform[Symbol.asyncDispose]();
});

beforeEach(async () => {
  pages = {
    alice: await openPage(browsers.alice, platform.url),
    bob: await openPage(browsers.bob, platform.url),
  };
  await signIn(pages.alice, alice);
  await signIn(pages.bob, bob);
});

afterEach(async () => {
  await Promise.all([pages.alice.context().close(), pages.bob.context().close()]);
});

/** Alice rings Bob, he accepts with video, she starts her camera; both see each other. */
async function connect(): Promise<void> {
  await pages.alice.getByRole('button', { name: 'Call Bob' }).click();
  await pages.bob.getByRole('button', { name: 'Accept with video' }).click();
  await startCamera(pages.alice);
  await seesCameraOf(pages.bob, alice);
  await seesCameraOf(pages.alice, bob);
}

describe('a direct call', () => {
  it('rings, is accepted, and puts each picture into the tile with its name', async () => {
    await screenshot(pages.alice, 'home');
    await pages.alice.getByRole('button', { name: 'Call Bob' }).click();
    const card = pages.bob.getByRole('dialog', { name: 'Incoming call' });
    await card.waitFor();
    expect(await card.textContent()).toContain('Alice');
    await screenshot(pages.alice, 'ringing');
    await screenshot(pages.bob, 'incoming-call');
    await card.getByRole('button', { name: 'Decline' }).click();
    await endReason(pages.alice);

    await connect();
    await screenshot(pages.alice, 'direct-call');
    expect([...complaintsOf(pages.alice), ...complaintsOf(pages.bob)]).toEqual([]);
  });

  it('sends no audio packet while muted, and sends again after unmute', async () => {
    await connect();
    expect(await audioPacketsDuring(pages.bob, 20)).toBeGreaterThan(5);

    await pages.alice.getByRole('button', { name: 'Mute microphone' }).click();
    await showsMute(pages.bob, 'Alice', true);
    await audioPacketsDuring(pages.bob, 10);
    expect(await audioPacketsDuring(pages.bob, 30)).toBe(0);

    await pages.alice.getByRole('button', { name: 'Unmute microphone' }).click();
    await showsMute(pages.bob, 'Alice', false);
    await expect.poll(() => audioPacketsDuring(pages.bob, 10), { timeout: 20_000 }).toBeGreaterThan(5);
  });

  it('decodes a camera and a shared screen at the same time', async () => {
    await connect();
    await pages.alice.getByRole('button', { name: 'Share screen' }).click();
    await pages.bob.locator(`${tileOf('Alice', 'screen')} video`).waitFor();
    const before = (await received(pages.bob)).framesDecoded;
    await expect
      .poll(
        async () => {
          const { framesDecoded } = await received(pages.bob);

          return framesDecoded.filter((frames, index) => frames > (before[index] ?? 0) + 3).length;
        },
        { timeout: 20_000, message: 'streams being decoded' },
      )
      .toBe(2);
    await seesCameraOf(pages.bob, alice);
    await screenshot(pages.bob, 'shared-screen');

    await pages.alice.getByRole('button', { name: 'Stop sharing' }).click();
    await pages.bob.locator(tileOf('Alice', 'screen')).waitFor({ state: 'detached' });
  });

  it('ends on both sides when one hangs up', async () => {
    await connect();

    await pages.bob.getByRole('button', { name: 'Leave call' }).click();

    expect(await endReason(pages.alice)).toBe('hangup');
    await screenshot(pages.alice, 'call-ended');
    await pages.bob.getByRole('button', { name: 'Join demo room' }).waitFor();
  });

  it('ends as declined when the callee declines', async () => {
    await pages.alice.getByRole('button', { name: 'Call Bob' }).click();

    await pages.bob.getByRole('button', { name: 'Decline' }).click();

    expect(await endReason(pages.alice)).toBe('declined');
    await screenshot(pages.alice, 'declined');
  });

  it('ends as unanswered when nobody answers, and takes the card away', async () => {
    await pages.alice.getByRole('button', { name: 'Call Bob' }).click();
    await pages.bob.getByRole('dialog', { name: 'Incoming call' }).waitFor();

    expect(await endReason(pages.alice)).toBe('no_answer');
    await pages.bob.getByRole('dialog', { name: 'Incoming call' }).waitFor({ state: 'detached' });
  });

  it('takes the card away when the caller gives up', async () => {
    await pages.alice.getByRole('button', { name: 'Call Bob' }).click();
    const card = pages.bob.getByRole('dialog', { name: 'Incoming call' });
    await card.waitFor();

    await pages.alice.getByRole('button', { name: 'Leave call' }).click();

    await card.waitFor({ state: 'detached' });
    expect(await endReason(pages.alice)).toBe('hangup');
  });

  it('says that there is no such person', async () => {
    await pages.alice.getByRole('textbox', { name: "Person's id" }).fill('nobody');
    await pages.alice.getByRole('button', { name: 'Call', exact: true }).click();

    expect(await endReason(pages.alice)).toBe('not_found');
    await screenshot(pages.alice, 'not-found');
  });

  it('says that the person is not there', async () => {
    await pages.bob.context().close();

    await expect
      .poll(
        async () => {
          await pages.alice.getByRole('button', { name: 'Call Bob' }).click();

          return endReason(pages.alice);
        },
        { timeout: 20_000 },
      )
      .toBe('offline');
  });
});
