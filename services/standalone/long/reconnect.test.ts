import process from 'node:process';
import { Relay } from '@parley/test-kit';
import { percentiles } from '@parley/test-kit/bench';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCallPage } from '../e2e/support/callPage.ts';
import { chronicleOf, framesGoOn, longestFreezeOf, watch } from '../e2e/support/chronicle.ts';
import { busiestWorker, mediaWorkers } from '../e2e/support/mediaWorkers.ts';
import type { TestPlatform } from '../e2e/support/platform.ts';
import { startPlatformForTwo, type PlatformForTwo } from '../e2e/support/platformForTwo.ts';
import { userToken } from '../e2e/support/tokens.ts';

const poll = { timeout: 20_000, interval: 100 } as const;
const camera = { videoOptions: { camera: true } };
const opened = new AsyncDisposableStack();
let platform: TestPlatform;
let browsers: PlatformForTwo['browsers'];

beforeAll(async () => {
  ({ platform, browsers } = opened.use(
    await startPlatformForTwo({ variables: { PARLEY_MEDIA_WORKERS: '2' } }),
  ));
});

afterAll(() => opened.disposeAsync());

/** Alice and Bob in the demo room, each of whom shows the other; Bob's signaling goes by way of `endpoint`. */
async function twoPages(stack: AsyncDisposableStack, endpoint = platform.url) {
  const [ofAlice, ofBob] = await Promise.all([
    openCallPage({
      platform,
      browser: browsers.alice,
      token: await userToken(platform, 'alice'),
      options: camera,
    }),
    openCallPage({
      platform,
      browser: browsers.bob,
      token: await userToken(platform, 'bob'),
      options: camera,
      endpoint,
    }),
  ]);
  const pages = { alice: stack.use(ofAlice).page, bob: stack.use(ofBob).page };
  await Promise.all([watch(pages.alice, 'Bob'), watch(pages.bob, 'Alice')]);

  return pages;
}

describe('a socket that is cut', () => {
  it('ends no call: the picture goes on, the others see who is away, and nobody comes or goes', async () => {
    await using stack = new AsyncDisposableStack();
    const relay = await Relay.to(platform.url);
    stack.defer(() => relay.cut());
    const pages = await twoPages(stack, relay.url);

    await relay.cut();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Reconnecting');
    await pages.alice.waitForFunction(() => window.application.person('Bob')?.state === 'Reconnecting');
    const duringTheCut = await longestFreezeOf(pages.alice);
    await relay.join();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Connected');
    await pages.alice.waitForFunction(() => window.application.person('Bob')?.state === 'Connected');

    expect(await chronicleOf(pages.bob)).toEqual({
      states: ['Reconnecting', 'Connected'],
      comings: [],
      others: [],
    });
    expect(await chronicleOf(pages.alice)).toEqual({
      states: [],
      comings: [],
      others: ['Reconnecting', 'Connected'],
    });
    // Frames come every 67 ms, and the machine that runs all of this may be busy.
    expect(duringTheCut).toBeLessThan(1_500);
    expect(await longestFreezeOf(pages.bob)).toBeLessThan(1_500);
  });

  it('has what is asked meanwhile done once it is back', async () => {
    await using stack = new AsyncDisposableStack();
    const relay = await Relay.to(platform.url);
    stack.defer(() => relay.cut());
    const pages = await twoPages(stack, relay.url);

    await relay.cut();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Reconnecting');
    const muted = pages.bob.evaluate(() => window.application.call.mute());
    await relay.join();
    await muted;

    await expect
      .poll(() => pages.alice.evaluate(() => window.application.person('Bob')?.isMuted), poll)
      .toBe(true);
  });

  it('while the page hangs up leaves nobody in the call once it is back', async () => {
    await using stack = new AsyncDisposableStack();
    const relay = await Relay.to(platform.url);
    stack.defer(() => relay.cut());
    const pages = await twoPages(stack, relay.url);

    await relay.cut();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Reconnecting');
    await pages.bob.evaluate(() => window.application.call.hangUp());
    await relay.join();

    await expect
      .poll(() => pages.alice.evaluate(() => window.application.call.remoteParticipants.length), poll)
      .toBe(0);
  });
});

async function connectionsMade(page: Page): Promise<number> {
  return page.evaluate(() => window.probes.peerConnections.length);
}

describe('a media worker that is killed', () => {
  it('freezes the pictures for a moment, and nobody comes or goes', { timeout: 240_000 }, async () => {
    const freezes: number[] = [];
    for (let kill = 0; kill < 3; kill += 1) {
      await using stack = new AsyncDisposableStack();
      const pages = await twoPages(stack);
      const both = [pages.alice, pages.bob];
      const made = await Promise.all(both.map((page) => connectionsMade(page)));

      process.kill(await busiestWorker(() => framesGoOn(pages.alice)), 'SIGKILL');
      for (const [index, page] of both.entries()) {
        // Both transports are new: it was the worker of this call that died, however short the freeze.
        await expect.poll(() => connectionsMade(page), poll).toBe((made[index] ?? 0) + 2);
        await framesGoOn(page);
        expect(await page.evaluate(() => window.application.call.state)).toBe('Connected');
        expect(await chronicleOf(page)).toMatchObject({ comings: [], others: [] });
        freezes.push(await longestFreezeOf(page));
      }
      await expect.poll(async () => (await mediaWorkers()).length, poll).toBe(2);
    }
    const { p50, p95 } = percentiles(freezes);
    process.stdout.write(
      `Pictures freeze over the kill of a worker for ${p50} ms (median), ${p95} ms (p95).\n`,
    );
  });
});
