import { relative } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { addFigures, judgeReport, percentiles } from '@parley/test-kit/bench';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from '../e2e/support/browsers.ts';
import { serveForeignPage } from '../e2e/support/foreignPage.ts';
import { busiestWorker, mediaWorkers } from '../e2e/support/mediaWorkers.ts';
import { alice, bob, carol, type Person } from '../e2e/support/people.ts';
import { startTestPlatform } from '../e2e/support/platform.ts';
import { userToken } from '../e2e/support/tokens.ts';
import { crowdPage } from './crowdPage.ts';

/**
 * Measures what people hear of the death of a media worker: twenty are in one call, all through the real SDK in
 * Chromium, two with a camera, each in a browser of their own, and eighteen with sound alone in a third. A few of those
 * speak, the others are muted, as most are in a call of twenty. Their worker is killed, and the time is taken until
 * each of them hears somebody again.
 */
const kills = 5;
const listeners = 18;
const speaking = 4;
const workers = 2;

await using opened = new AsyncDisposableStack();
console.log('Starting the platform and twenty participants …');
const platform = opened.use(await startTestPlatform({ PARLEY_MEDIA_WORKERS: `${workers}` }));

const open = async (person: Person): Promise<Browser> => {
  const browser = await openBrowser(person, platform.folder);
  opened.defer(() => browser.close());

  return browser;
};
const browsers = { alice: await open(alice), bob: await open(bob), crowd: await open(carol) };

/** A page of this many participants, all of them devices of one user. */
async function openCrowd(
  stack: AsyncDisposableStack,
  browser: Browser,
  userId: string,
  size: number,
): Promise<Page> {
  const html = crowdPage({
    sdkUrl: `${platform.url}/sdk/parley-calling.js`,
    token: await userToken(platform, userId),
    roomId: platform.demo.room.id,
    size,
    camera: size === 1,
    speaking,
  });
  const page = await openPage(browser, stack.use(await serveForeignPage(html)).url);
  stack.defer(async () => {
    await page.evaluate(() => window.crowd.leave());
    await page.context().close();
  });
  await page.waitForFunction(() => 'crowd' in window, undefined, { timeout: 60_000 });

  return page;
}

/** From the kill until each of the twenty hears somebody again, milliseconds. */
async function killOnce(): Promise<number[]> {
  // A call of its own each time: one whose workers die one after the other is ended.
  await using stack = new AsyncDisposableStack();
  const crowds = [
    await openCrowd(stack, browsers.alice, 'alice', 1),
    await openCrowd(stack, browsers.bob, 'bob', 1),
    await openCrowd(stack, browsers.crowd, 'bob', listeners),
  ];
  const heardAt = () => Promise.all(crowds.map((page) => page.evaluate(() => window.crowd.heardAt())));
  await heardAt();
  await Promise.all(crowds.map((page) => page.evaluate(() => window.crowd.watch())));
  const pid = await busiestWorker(() => delay(1_000));

  const killedAt = Date.now();
  process.kill(pid, 'SIGKILL');
  const moments = await heardAt();
  const lost = await Promise.all(crowds.map((page) => page.evaluate(() => window.crowd.lost())));
  if (lost.some((count) => count > 0)) {
    throw new Error('Somebody has lost the call.');
  }
  while ((await mediaWorkers()).length < workers) {
    await delay(100);
  }

  return moments.flat().map((at) => at - killedAt);
}

const recoveries: number[] = [];
for (let kill = 1; kill <= kills; kill += 1) {
  const durations = await killOnce();
  recoveries.push(...durations);
  console.log(`  ${kill} of ${kills}: heard again after`, percentiles(durations));
}

const recoveryMs = percentiles(recoveries);
console.table({ recoveryMs });
const path = await addFigures('sfu', { recoveryMs });
// With those of the program before, which has measured the rest.
await judgeReport('sfu');
console.log(`Figures in ${relative(process.cwd(), path)}`);
await opened.disposeAsync();
process.exit();
