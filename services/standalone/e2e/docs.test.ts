import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { screenshot } from './support/meeting.ts';
import { alice } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';

let platform: TestPlatform;
let browser: Browser;
let context: BrowserContext;
let page: Page;
/** Everything the browser asked anybody for, and everything the page's policy or scripts complained of. */
let asked: string[];
let complaints: string[];

beforeAll(async () => {
  platform = await startTestPlatform();
  browser = await openBrowser(alice, platform.folder);
});

afterAll(async () => {
  await browser.close();
  await platform[Symbol.asyncDispose]();
});

beforeEach(async () => {
  [asked, complaints] = [[], []];
  context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
  context.on('request', (request) => asked.push(request.url()));
  context.on('console', (message) => {
    if (message.type() === 'error') {
      complaints.push(message.text());
    }
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  page = await context.newPage();
  page.on('websocket', (socket) => asked.push(socket.url()));
  await page.goto(`${platform.url}/docs`);
  await page.locator('.opblock').first().waitFor();
});

afterEach(() => context.close());

/** Requests, `data:` URLs apart, that went elsewhere than to the service. */
const askedOfOthers = (): readonly string[] =>
  asked.filter((url) => !url.startsWith('data:') && new URL(url).origin !== platform.url);

async function operationCount(): Promise<number> {
  const answer = await fetch(`${platform.url}/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, object> };

  return Object.values(paths).flatMap((path) => Object.keys(path)).length;
}

describe('the page at /docs', () => {
  it('shows every operation of the document, and says how to authorise', async () => {
    await screenshot(page, 'docs');

    expect(await page.title()).toBe('Parley REST API');
    expect(await page.getByRole('heading', { name: 'Parley REST API' }).count()).toBe(1);
    expect(await page.locator('.opblock').count()).toBe(await operationCount());
    expect(await page.getByLabel('How to try a call').innerText()).toContain('Authorize');
  });

  it('really asks the service when a call is tried, and nobody else', async () => {
    await page.locator('.auth-wrapper').getByRole('button', { name: 'Authorize' }).click();
    const dialog = page.locator('.dialog-ux');
    await screenshot(page, 'docs-authorise');
    await dialog.locator('.auth-container').first().getByRole('textbox').fill(platform.demo.secret);
    await dialog
      .locator('.auth-container')
      .first()
      .getByRole('button', { name: 'Apply credentials' })
      .click();
    await dialog.getByRole('button', { name: 'Close' }).first().click();

    const operation = page.locator('#operations-Users-getUser');
    await operation.locator('.opblock-summary').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    await operation.getByRole('textbox').first().fill('alice');
    await operation.getByRole('button', { name: 'Execute' }).click();

    const answer = operation.locator('.live-responses-table');
    await answer.waitFor();
    await answer.scrollIntoViewIfNeeded();
    await screenshot(page, 'docs-answer');
    expect(await answer.locator('.response-col_status').last().innerText()).toMatch(/^200/);
    expect(await answer.locator('.response-col_description').last().innerText()).toContain('"Alice"');
    expect(asked).toContain(`${platform.url}/v1/users/alice`);
    expect(askedOfOthers()).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
