import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import {
  installCalling,
  ownEnvironment,
  type InstalledCalling,
} from '../../../packages/calling/test/support/installCalling.ts';
import { complaintsOf, openBrowser, openPage } from './support/browsers.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { alice } from './support/people.ts';
import { checkout, startTestPlatform, type TestPlatform } from './support/platform.ts';
import { userToken } from './support/tokens.ts';

const opened = new AsyncDisposableStack();
let folder: string;
let installed: InstalledCalling;
let platform: TestPlatform;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-application-'));
  opened.defer(() => rm(folder, { recursive: true }));
  installed = await installCalling(folder);
  platform = opened.use(await startTestPlatform());
  browser = await openBrowser(alice, platform.folder);
  opened.defer(() => browser.close());
});
afterAll(() => opened.disposeAsync());

/** What an application does with the SDK, wherever it has it from: its title says how far it is. */
const enter = (token: string): string => `
  CallClientFactory.create(${JSON.stringify(token)}).then((client) => {
    const call = client.join({ roomId: ${JSON.stringify(platform.demo.room.id)} });
    call.on('stateChanged', () => (document.title = call.state));
  });`;

/** Opens the application, and answers with what its page has complained of by the time it is in the room. */
async function enterBy(html: string, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  await using foreign = await serveForeignPage(html, files);
  const page = await openPage(browser, foreign.url);
  await page.waitForFunction(() => document.title === 'Connected', undefined, { timeout: 20_000 });
  const complaints = complaintsOf(page);
  await page.context().close();

  return complaints;
}

it('the packed SDK enters a room from a fresh application that Vite has built, with its parts when they are asked for', async () => {
  await mkdir(join(folder, 'src'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><title>New</title><script type="module" src="/src/main.js"></script>',
  );
  await writeFile(
    join(folder, 'src/main.js'),
    `import { CallClientFactory } from '@parley/calling';
     import('@parley/calling/stats').then(({ MediaStats }) => {
       if (typeof MediaStats === 'function') {${enter(await userToken(platform, 'alice'))}}
     });`,
  );

  await promisify(execFile)(join(checkout, 'node_modules/.bin/vite'), ['build', '--logLevel', 'error'], {
    cwd: folder,
    env: ownEnvironment,
  });

  const assets = await readdir(join(folder, 'dist/assets'));
  const files = await Promise.all(
    assets.map(async (name) => [
      `/assets/${name}`,
      await readFile(join(folder, 'dist/assets', name), 'utf8'),
    ]),
  );
  const html = await readFile(join(folder, 'dist/index.html'), 'utf8');
  expect(await enterBy(html, Object.fromEntries(files))).toEqual([]);
});

it('the script in the packed SDK enters a room by a tag', async () => {
  const script = await readFile(join(installed.folder, 'parley-calling.iife.js'), 'utf8');

  const html = `<!doctype html><title>New</title><script src="/parley-calling.iife.js"></script>
    <script>const { CallClientFactory } = Parley;${enter(await userToken(platform, 'alice'))}</script>`;
  expect(await enterBy(html, { '/parley-calling.iife.js': script })).toEqual([]);
});
