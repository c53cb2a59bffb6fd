import { freePort } from '@parley/test-kit';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from '../../e2e/support/browsers.ts';
import { applicationPage, knowsCameraOf } from '../../e2e/support/callPage.ts';
import { beginChronicle } from '../../e2e/support/chronicle.ts';
import { alice, bob } from '../../e2e/support/people.ts';
import { startTestPlatform } from '../../e2e/support/platform.ts';
import { createBackend, operatorKey, type Backend } from '../../test/support/backend.ts';
import { hostAddress, Machine } from './Machine.ts';
import { SlowPath } from './SlowPath.ts';

/** A platform on this host, and two browsers on machines beside it: that of Alice, which stays, and that of Bob. */
export interface NetworkWorld extends AsyncDisposable {
  /** Bob's. */
  readonly machine: Machine;
  /** Both in the room, each of whom shows the other, and whose chronicles have begun. */
  enter(stack: AsyncDisposableStack): Promise<{ alice: Page; bob: Page }>;
}

export interface NetworkWorldOptions {
  /** Of every packet between the platform and the browsers, each way. */
  readonly delayMs?: number;
}

/** Outside the range from which systems give ports to whoever asks for any. */
const firstMediaPort = 28_400;

export async function createNetworkWorld({ delayMs = 0 }: NetworkWorldOptions = {}): Promise<NetworkWorld> {
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Machine.forgetHost());
  const machine = stack.use(await Machine.create('parleyb', 2));
  const other = stack.use(await Machine.create('parleya', 1));
  const port = await freePort();
  const url = `http://${hostAddress}:${port}`;
  const mediaPorts = Array.from({ length: 8 }, (_, index) => firstMediaPort + index);
  const { folder } = stack.use(
    await startTestPlatform({
      PORT: String(port),
      PARLEY_LISTEN_ADDRESS: '0.0.0.0',
      PARLEY_PUBLIC_URL: url,
      PARLEY_ANNOUNCED_ADDRESS: hostAddress,
      PARLEY_RTC_MIN_PORT: String(mediaPorts[0]),
      PARLEY_RTC_MAX_PORT: String(mediaPorts.at(-1)),
      PARLEY_OPERATOR_KEY: operatorKey,
      PARLEY_DEMO: 'on',
    }),
  );
  if (delayMs > 0) {
    const ports = { tcp: [port], udp: mediaPorts };
    const { entrances } = stack.use(await SlowPath.create({ address: hostAddress, delayMs, ports }));
    await Promise.all([machine, other].map((one) => one.redirect(entrances)));
  }
  const backend = await createBackend(url, { allowedOrigins: [url] });
  await backend.do('POST', '/v1/users', { id: 'alice', displayName: 'Alice' });
  await backend.do('POST', '/v1/users', { id: 'bob', displayName: 'Bob' });
  const room = await backend.do('POST', '/v1/rooms', { roster: { alice: 'presenter', bob: 'presenter' } });
  const flags = [
    // Browsers give cameras to pages of secure origins alone.
    `--unsafely-treat-insecure-origin-as-secure=${url}`,
    // The page did not come from the network, which makes it a stranger to those of private addresses.
    '--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks',
  ];
  const browsers = {
    alice: await openBrowser(alice, folder, { flags, executable: await other.browserExecutable(folder) }),
    bob: await openBrowser(bob, folder, { flags, executable: await machine.browserExecutable(folder) }),
  };
  stack.defer(() => browsers.alice.close());
  stack.defer(() => browsers.bob.close());
  const owned = stack.move();
  const open = (browser: Browser, userId: string): Promise<Page> =>
    openInRoom({ browser, url, backend, userId, roomId: String(room['id']) });

  return {
    machine,
    async enter(pages) {
      const opened = { alice: await open(browsers.alice, 'alice'), bob: await open(browsers.bob, 'bob') };
      for (const page of Object.values(opened)) {
        pages.defer(async () => {
          await page.evaluate(() => window.application.client.dispose());
          await page.context().close();
        });
      }
      await Promise.all([show(opened.alice, 'Bob'), show(opened.bob, 'Alice')]);

      return opened;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface PageInRoom {
  browser: Browser;
  url: string;
  backend: Backend;
  userId: string;
  roomId: string;
}

async function openInRoom({ browser, url, backend, userId, roomId }: PageInRoom): Promise<Page> {
  const html = applicationPage({
    sdkUrl: `${url}/sdk/parley-calling.js`,
    token: await backend.token(userId),
    roomId,
    options: { videoOptions: { camera: true } },
  });
  const page = await openPage(browser, `${url}/application-of-the-test`, html);
  page.setDefaultTimeout(90_000);
  await page.waitForFunction(() => window.application?.call.state === 'Connected');

  return page;
}

async function show(page: Page, name: string): Promise<void> {
  await knowsCameraOf(page, name);
  await page.evaluate((person) => void window.application.show(person, 320, 180), name);
  await beginChronicle(page, `[data-name="${name}"] video`);
}
