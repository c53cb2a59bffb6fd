import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { judgeReport, percentiles, writeReport, type Percentiles } from '@parley/test-kit/bench';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from '../e2e/support/browsers.ts';
import { serveForeignPage } from '../e2e/support/foreignPage.ts';
import { alice, bob } from '../e2e/support/people.ts';
import { startTestPlatform } from '../e2e/support/platform.ts';
import { userToken } from '../e2e/support/tokens.ts';
import { joinPage } from './joinPage.ts';

/**
 * Measures what a person waits for: from `join()`, socket connected and local media ready, to the first decoded
 * frame of somebody already there; and from `call()` to the callee's `incomingCall`. Beside each, from the same
 * run, the least it could be: the same camera through two bare peer connections, and one bare HTTP request.
 */
const rounds = 20;
/** A key frame asked for within 350 ms of another comes later (`keyFrameRequestDelayMs`): each round is to be a join of its own. */
const restMs = 500;

await using opened = new AsyncDisposableStack();
console.log('Starting the platform and two browsers …');
const platform = opened.use(await startTestPlatform());

async function benchPage(browser: Browser, userId: string): Promise<Page> {
  const token = await userToken(platform, userId);
  const application = opened.use(
    await serveForeignPage(joinPage(`${platform.url}/sdk/parley-calling.js`, token)),
  );
  const page = await openPage(browser, application.url);
  await page.waitForFunction(() => 'bench' in window);

  return page;
}

async function openPerson(person: typeof alice): Promise<Page> {
  const browser = await openBrowser(person, platform.folder);
  opened.defer(() => browser.close());

  return benchPage(browser, person.name.toLowerCase());
}

/** Interleaves the two measurements, so that a noisy minute meets both. */
async function compare(
  ours: () => Promise<number>,
  least: () => Promise<number>,
): Promise<{ ours: Percentiles; least: Percentiles }> {
  const values = { ours: [] as number[], least: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    values.ours.push(await ours());
    values.least.push(await least());
    await delay(restMs);
  }

  return { ours: percentiles(values.ours), least: percentiles(values.least) };
}

const [alicePage, bobPage] = [await openPerson(alice), await openPerson(bob)];

console.log(`Ringing ${rounds} times …`);
const ringing = await compare(
  async () => {
    const rung = bobPage.evaluate(() => window.bench.rung());
    const called = await alicePage.evaluate(() => window.bench.ring('bob'));

    return (await rung) - called;
  },
  () => alicePage.evaluate(() => window.bench.bareRequest()),
);

console.log(`Joining ${rounds} times …`);
const roomId = platform.demo.room.id;
await alicePage.evaluate((room) => window.bench.stay(room), roomId);
const joining = await compare(
  () => bobPage.evaluate((room) => window.bench.join(room), roomId),
  () => bobPage.evaluate(() => window.bench.bareFirstFrame()),
);

const row = (title: string, { ours, least }: typeof joining) => ({
  measured: title,
  'p50 ms': ours.p50,
  'p95 ms': ours.p95,
  'least p50 ms': least.p50,
  'ratio to least': Math.round((ours.p50 / least.p50) * 100) / 100,
});
console.table([
  row('join() to first remote frame (least: bare peer connections)', joining),
  row('call() to incomingCall (least: one HTTP request)', ringing),
]);

const path = await writeReport({
  name: 'join',
  figures: {
    rounds,
    joinToFirstFrameMs: joining.ours,
    callToIncomingMs: ringing.ours,
    bareFirstFrameMs: joining.least,
    bareRequestMs: ringing.least,
  },
  libraries: ['mediasoup', 'mediasoup-client', 'socket.io'],
});
await judgeReport('join');
console.log(`Figures in ${relative(process.cwd(), path)}`);
