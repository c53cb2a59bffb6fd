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
  await openDocs(platform.url);
});

async function openDocs(origin: string): Promise<void> {
  await page.goto(`${origin}/docs`);
  await page.locator('.opblock').first().waitFor();
}

afterEach(() => watched[Symbol.asyncDispose]());

/** Requests, `data:` URLs apart, that went elsewhere than to the service. */
const askedOfOthers = (): readonly string[] =>
  watched.asked.filter((url) => !url.startsWith('data:') && new URL(url).origin !== platform.url);

/** What the demo prints for signing in. */
function signInOfAlice() {
  const { publicKey, users } = platform.demo;
  const { email = '', password = '' } = users.find(({ id }) => id === 'alice') ?? {};

  return { publicKey, email, password };
}

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
    // The example is a user of the demo too.
    expect(await operation.getByRole('textbox').first().inputValue()).toBe('alice');
    await operation.getByRole('button', { name: 'Execute' }).click();

    const answer = operation.locator('.live-responses-table');
    await answer.waitFor();
    await answer.scrollIntoViewIfNeeded();
    await screenshot(page, 'docs-answer');
    expect(await answer.locator('.response-col_status').last().innerText()).toMatch(/^200/);
    expect(await answer.locator('.response-col_description').last().innerText()).toContain('"Alice"');
    expect(watched.asked).toContain(`${platform.url}/v1/users/alice`);
    expect(askedOfOthers()).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it.each(['localhost', '127.0.0.1'])(
    "signs in with the demo's values in the form of the token endpoint, opened at %s",
    async (host) => {
      const origin = platform.url.replace('localhost', host);
      await openDocs(origin);
      const { publicKey, email, password } = signInOfAlice();
      const operation = page.locator('#operations-OAuth-getToken');
      await operation.locator('.opblock-summary').click();
      await operation.getByRole('button', { name: 'Try it out' }).click();
      const field = (name: string) => operation.locator(`[data-property-name="${name}"] input[type="text"]`);
      await field('client_id').fill(publicKey);
      await field('username').fill(email);
      await field('password').fill(password);
      await operation.scrollIntoViewIfNeeded();
      await screenshot(page, 'docs-form');
      const sent = page.waitForRequest(`${origin}/v1/oauth/token`);
      await operation.getByRole('button', { name: 'Execute' }).click();
      const form = [...new URLSearchParams((await sent).postData() ?? '')];
      const answer = operation.locator('.live-responses-table');
      await answer.waitFor();
      await answer.scrollIntoViewIfNeeded();
      await screenshot(page, 'docs-token');

      expect(await answer.locator('.response-col_status').last().innerText()).toMatch(/^200/);
      // The fields of other grants are sent without a value, which is as good as not at all.
      expect(form.filter(([, value]) => value !== '').map(([name]) => name)).toEqual([
        'grant_type',
        'client_id',
        'username',
        'password',
        'scope',
      ]);
    },
  );

  it('shows whoever signs in by password as signed in, and as nobody else', async () => {
    await openDocs(platform.url.replace('localhost', '127.0.0.1'));
    const { publicKey, email, password } = signInOfAlice();
    await page.locator('.auth-wrapper').getByRole('button', { name: 'Authorize' }).click();
    const ways = page.locator('.dialog-ux .auth-container');
    const signIn = ways.filter({ hasText: 'signIn' });
    await signIn.getByLabel('username').fill(email);
    await signIn.getByLabel('password').fill(password);
    await signIn.getByLabel('client_id').fill(publicKey);
    await signIn.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    await signIn.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await screenshot(page, 'docs-signed-in');

    expect(await ways.getByRole('button', { name: 'Remove authorization' }).count()).toBe(1);
    expect(watched.complaints).toEqual([]);
  });
});
