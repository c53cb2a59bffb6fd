import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installManagement } from '../../../packages/management/test/support/installManagement.ts';
import { openBrowser } from './support/browsers.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { alice } from './support/people.ts';
import { checkout, startTestPlatform, type TestPlatform } from './support/platform.ts';

const operatorKey = randomBytes(32).toString('base64url');

let platform: TestPlatform;
let browser: Browser;
/** Of a backend: the package is installed in it, and nothing else. */
let folder: string;
let modules: string;

beforeAll(async () => {
  platform = await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey });
  browser = await openBrowser(alice, platform.folder);
  folder = join(platform.folder, 'backend');
  await mkdir(folder);
  modules = await installManagement(folder);
});

afterAll(async () => {
  await browser.close();
  await platform[Symbol.asyncDispose]();
});

async function quickStart(): Promise<string> {
  const readme = await readFile(join(checkout, 'packages/management/README.md'), 'utf8');
  const [, sample = ''] = /## Quick start[^]*?```js\n([^]*?)\n```/.exec(readme) ?? [];

  return sample;
}

describe('@parley/management', () => {
  it('provisions a user and prints a token that connects, by the ten lines of its README', async () => {
    const sample = await quickStart();
    expect(sample.split('\n').length).toBeLessThanOrEqual(10);
    await writeFile(join(folder, 'quick-start.js'), sample);

    const { stdout } = await promisify(execFile)(process.execPath, ['quick-start.js'], {
      cwd: folder,
      env: { PARLEY_URL: platform.url, PARLEY_KEY: platform.demo.secret },
    });

    await using application = await serveForeignPage(`<!doctype html><script type="module">
      import { CallClientFactory } from '${platform.url}/sdk/parley-calling.js';
      const client = await CallClientFactory.create(${JSON.stringify(stdout.trim())});
      document.title = 'connected';
    </script>`);
    const page = await browser.newPage();
    await page.goto(application.url);
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('connected');
    await page.close();
  });

  it("does an administrator's work in a page, with the administrator's token and no key", async () => {
    const options = { url: platform.url, token: await administratorToken() };
    await using application = await serveForeignPage(`<!doctype html><script type="module">
      import { ManagementClient } from '/management/index.js';
      const client = new ManagementClient(${JSON.stringify(options)});
      const { id } = await client.users.create({ id: 'made-in-a-page', displayName: 'Pat' });
      const { displayName } = await client.users.update(id, { displayName: 'Kim' });
      const names = [];
      for await (const user of client.users.list({ limit: 1 })) names.push(user.displayName);
      const fault = await client.users.get('nobody').catch((error) => ({ ...error, name: error.name }));
      await client.users.delete(id);
      document.body.append(JSON.stringify({ id, displayName, names, fault }));
    </script>`);
    const page = await browser.newPage();
    await page.route('**/management/**', async (route) => {
      const file = new URL(route.request().url()).pathname.replace('/management/', '');
      await route.fulfill({ path: join(modules, file), contentType: 'text/javascript' });
    });

    await page.goto(application.url);
    await expect.poll(() => page.innerText('body'), { timeout: 20_000 }).not.toBe('');

    const seen = JSON.parse(await page.innerText('body'));
    expect(seen).toMatchObject({ id: 'made-in-a-page', displayName: 'Kim' });
    expect(seen.names).toEqual(expect.arrayContaining(['Alice', 'Bob', 'Kim']));
    expect(seen.fault).toMatchObject({ name: 'ManagementError', status: 404, code: 'not_found' });
    expect(seen.fault.requestId).toMatch(/^[0-9a-f-]{36}$/);
    await page.close();
  });
});

/** Of a new administrator of the demo's application, signed in as one signs in: by password. */
async function administratorToken(): Promise<string> {
  const { applicationId, publicKey } = platform.demo;
  const { secret } = await post(`/v1/applications/${applicationId}/keys`, operatorKey, {
    name: 'Console',
    rights: ['admin'],
  });
  const [email, password] = ['root@example.org', randomBytes(12).toString('base64url')];
  await post('/v1/users', String(secret), { id: 'root', email, password, admin: true });
  const form = { grant_type: 'password', client_id: publicKey, username: email, password };
  const answer = await fetch(`${platform.url}/v1/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) {
    throw new Error(`The administrator cannot sign in: HTTP ${answer.status}`);
  }

  return token;
}

async function post(path: string, credential: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(platform.url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${credential}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) {
    throw new Error(`POST ${path}: HTTP ${answer.status} ${await answer.text()}`);
  }

  return (await answer.json()) as Record<string, unknown>;
}
