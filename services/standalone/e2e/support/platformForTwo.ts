import type { Browser } from 'playwright-core';
import { openBrowser, type BrowserOptions } from './browsers.ts';
import { alice, bob } from './people.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';

export interface PlatformForTwo extends AsyncDisposable {
  readonly platform: TestPlatform;
  readonly browsers: Readonly<Record<'alice' | 'bob', Browser>>;
}

interface PlatformForTwoOptions {
  variables?: Record<string, string>;
  /** Of Alice, who is looked at. */
  camera?: BrowserOptions['camera'];
}

/** A platform, and beside it a browser for Alice and one for Bob. */
export async function startPlatformForTwo({
  variables = {},
  camera = 'person',
}: PlatformForTwoOptions = {}): Promise<PlatformForTwo> {
  await using opening = new AsyncDisposableStack();
  const platform = opening.use(await startTestPlatform(variables));
  const open = async (...options: Parameters<typeof openBrowser>): Promise<Browser> =>
    opening.adopt(await openBrowser(...options), (browser) => browser.close());
  const [ofAlice, ofBob] = await Promise.all([
    open(alice, platform.folder, { camera }),
    open(bob, platform.folder),
  ]);
  const opened = opening.move();

  return {
    platform,
    browsers: { alice: ofAlice, bob: ofBob },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
