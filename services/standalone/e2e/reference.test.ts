import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { screenshot } from './support/meeting.ts';
import { alice } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { openWatchedPage, type WatchedPage } from './support/watchedPage.ts';

let platform: TestPlatform;
let browser: Browser;
let watched: WatchedPage;
let page: Page;

beforeAll(async () => {
  platform = await startTestPlatform();
  browser = await openBrowser(alice, platform.folder);
});

afterAll(async () => {
  await browser.close();
  await platform[Symbol.asyncDispose]();
});

beforeEach(async () => {
  watched = await openWatchedPage(browser);
  ({ page } = watched);
});

afterEach(() => watched[Symbol.asyncDispose]());

/** Requests, `data:` URLs apart, that went elsewhere than to the service. */
const askedOfOthers = (): readonly string[] =>
  watched.asked.filter((url) => !url.startsWith('data:') && new URL(url).origin !== platform.url);

describe('the reference at /docs/sdk/', () => {
  it('is a link away from the REST API, and says of a method what its docstring says, asking nobody else', async () => {
    await page.goto(`${platform.url}/docs`);
    await page.getByRole('link', { name: 'reference of the browser SDK' }).click();
    await page.getByRole('heading', { name: 'Parley SDK', level: 1 }).waitFor();
    await screenshot(page, 'reference');

    await page
      .getByRole('link', { name: /@parley\/calling$/ })
      .first()
      .click();
    await page
      .locator('.col-content')
      .getByRole('link', { name: /^(Interface )?CallClient$/ })
      .first()
      .click();
    const method = page.locator('section.tsd-member').filter({ has: page.locator('h3#call') });
    await method.scrollIntoViewIfNeeded();
    await screenshot(page, 'reference-call');

    expect(await page.title()).toContain('CallClient');
    const said = await method.innerText();
    expect(said).toContain('Calls users by their ids and returns at once');
    expect(said).toContain('invalid_state');
    expect(askedOfOthers()).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it('finds a member by its name', async () => {
    await page.goto(`${platform.url}/docs/sdk/`);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('combobox').fill('startScreenSharing');
    const found = page.getByRole('option', { name: 'Call.startScreenSharing' });
    await found.waitFor();
    await screenshot(page, 'reference-search');
    await found.click();

    await page.waitForURL(/Call\.html#startscreensharing$/);
    expect(watched.complaints).toEqual([]);
  });

  it('fits a telephone, in the dark too', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${platform.url}/docs/sdk/`);
    await page.getByRole('heading', { name: 'Parley SDK', level: 1 }).waitFor();
    await screenshot(page, 'reference-narrow');

    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(16, 19, 21)',
    );
    expect(watched.complaints).toEqual([]);
  });
});
