import type { CallOptions } from '@parley/calling';
import type { Browser } from 'playwright-core';
import type { Browser as Firefox } from 'puppeteer-core';
import { openBrowser } from './browsers.ts';
import { applicationPage, openCallPage } from './callPage.ts';
import { networkAddress, openFirefox, openInFirefox } from './firefox.ts';
import { alice, bob } from './people.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import type { Tab } from './Tab.ts';
import { userToken } from './tokens.ts';

/** A platform, with Alice in Chromium and Bob in Firefox. */
export interface FirefoxWorld extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly chromium: Browser;
  readonly firefox: Firefox;
  /** Both in the demo room, and known to each other. @param endpoint Where Bob finds the server. */
  meet(stack: AsyncDisposableStack, options: CallOptions, endpoint?: string): Promise<Pages>;
}

export interface Pages {
  readonly alice: Tab;
  readonly bob: Tab;
}

export async function createFirefoxWorld(): Promise<FirefoxWorld> {
  await using stack = new AsyncDisposableStack();
  const platform = stack.use(await startTestPlatform({ PARLEY_ANNOUNCED_ADDRESS: networkAddress() ?? '' }));
  const chromium = await openBrowser(alice, platform.folder);
  stack.defer(() => chromium.close());
  const firefox = await openFirefox(bob);
  stack.defer(() => firefox.close());
  const owned = stack.move();

  return {
    platform,
    chromium,
    firefox,
    async meet(pages, options, endpoint) {
      const token = await userToken(platform, 'alice');
      const ofAlice = pages.use(await openCallPage({ platform, browser: chromium, token, options }));
      const ofBob = await enterInFirefox(pages, { platform, firefox, options, endpoint });
      await Promise.all([knows(ofAlice.page, 'Bob'), knows(ofBob, 'Alice')]);

      return { alice: ofAlice.page, bob: ofBob };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Entrance {
  platform: TestPlatform;
  firefox: Firefox;
  options: CallOptions;
  endpoint: string | undefined;
}

async function enterInFirefox(
  stack: AsyncDisposableStack,
  { platform, firefox, options, endpoint = platform.url }: Entrance,
): Promise<Tab> {
  const html = applicationPage({
    sdkUrl: `${platform.url}/sdk/parley-calling.js`,
    token: await userToken(platform, 'bob'),
    roomId: platform.demo.room.id,
    options,
    endpoint,
  });
  const { page } = stack.use(await openInFirefox(firefox, html));
  stack.defer(() => page.evaluate(() => window.application.client.dispose()));
  await page.waitForFunction(() => window.application?.call.state === 'Connected');

  return page;
}

async function knows(page: Tab, name: string): Promise<void> {
  await page.waitForFunction((who) => window.application.person(who)?.state === 'Connected', name);
}
