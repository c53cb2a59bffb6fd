import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { complaintsOf, openBrowser, openPage } from './support/browsers.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { seesCameraOf, signIn } from './support/meeting.ts';
import { alice, bob, type Person } from './support/people.ts';
import { checkout, startTestPlatform } from './support/platform.ts';
import { colourOf, isColourOf } from './support/probes.ts';
import { userToken } from './support/tokens.ts';

/** As in a view inside an application. */
const nameless = `for (const [name, value] of [['userAgent', 'Application/1.0'], ['userAgentData', undefined]]) {
  Object.defineProperty(Navigator.prototype, name, { get: () => value });
}`;

async function sampleOfGuide(): Promise<string> {
  const guide = await readFile(join(checkout, 'docs/guides/first-call.md'), 'utf8');
  const [, sample = ''] = /```ts\n([\s\S]*?)\n```/.exec(guide) ?? [];

  return stripTypeScriptTypes(sample);
}

/** Whether one of the two pictures on the page is that person's. */
async function shows(page: Page, person: Person): Promise<boolean> {
  const colours = await Promise.all([1, 2].map((place) => colourOf(page, `div:nth-of-type(${place}) video`)));

  return colours.some((colour) => isColourOf(colour, person));
}

it('the guide to a first call calls, also in a browser that is known by no name', async () => {
  await using platform = await startTestPlatform();
  const token = JSON.stringify(await userToken(platform, 'alice'));
  const sample = await sampleOfGuide();
  const script = sample.replace("'@parley/calling'", `'${platform.url}/sdk/parley-calling.js'`);
  await using foreign = await serveForeignPage(`<!doctype html><title>Application</title><body>
    <script>${nameless} globalThis.fetch = async () => new Response(${token});</script>
    <script type="module">${script}</script>`);
  const [hers, his] = [await openBrowser(alice, platform.folder), await openBrowser(bob, platform.folder)];
  await using browsers = new AsyncDisposableStack();
  browsers.defer(async () => {
    await Promise.all([hers.close(), his.close()]);
  });
  const bobPage = await openPage(his, platform.url);
  await signIn(bobPage, bob);

  const alicePage = await openPage(hers, foreign.url);
  await bobPage.getByRole('button', { name: 'Accept with video' }).click();

  expect(await alicePage.evaluate(() => navigator.userAgent)).toBe('Application/1.0');
  await seesCameraOf(bobPage, alice);
  await expect.poll(() => shows(alicePage, bob), { timeout: 20_000 }).toBe(true);
  await expect.poll(() => shows(alicePage, alice), { timeout: 20_000 }).toBe(true);
  await alicePage.getByRole('button', { name: 'Hang up' }).click();
  await expect.poll(() => alicePage.title()).toBe('hangup');
  await expect.poll(() => alicePage.locator('video').count()).toBe(0);
  expect(complaintsOf(alicePage)).toEqual([]);
});
