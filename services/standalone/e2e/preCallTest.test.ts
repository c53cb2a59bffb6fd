import type { CallClient } from '@parley/calling';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, openBrowser, openPage } from './support/browsers.ts';
import { alice } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { serveSourcePage } from './support/sourcePage.ts';
import { userToken } from './support/tokens.ts';
import { startTurnServer, type TurnServer } from './support/turnServer.ts';

/** Of the sub-path, as far as the tests read it. */
interface Way {
  readonly state: string;
  readonly timeToConnectMs?: number;
  readonly cause?: string;
}

interface Figure {
  readonly kbps: number;
  readonly rating: string;
}

interface Outcome {
  readonly browserSupport: { readonly browser: string };
  readonly deviceAccess: { readonly audio: boolean; readonly video: boolean };
  readonly reachability: { readonly udp: Way; readonly tcp: Way; readonly relay: Way };
  readonly bandwidth: { readonly up?: Figure; readonly down?: Figure; readonly cause?: string };
  readonly inCallDiagnostics: { readonly connected: boolean };
  readonly callMediaStatistics: {
    readonly video?: { readonly packetLoss: number; readonly roundTripTimeMs?: number };
    readonly path?: { readonly protocol: string; readonly isRelayed: boolean };
  };
  readonly stages: readonly string[];
  readonly seconds: number;
}

declare global {
  interface Window {
    tested: { readonly client: CallClient; run(): Promise<Outcome> };
  }
}

let turn: TurnServer;
let platform: TestPlatform;
let browser: Browser;

beforeAll(async () => {
  turn = await startTurnServer();
  platform = await startTestPlatform({ PARLEY_TURN_URLS: turn.url, PARLEY_TURN_SECRET: turn.secret });
  // Whoever is asked for a device denies it: the test needs none.
  browser = await openBrowser(alice, platform.folder, { grantMedia: false, flags: [turn.trustFlag] });
});
afterAll(async () => {
  await browser.close();
  await platform[Symbol.asyncDispose]();
  await turn[Symbol.asyncDispose]();
});

const script = (token: string): string => `
  import { CallClientFactory } from ${JSON.stringify(`${platform.url}/sdk/parley-calling.js`)};
  import { startPreCallTest } from '@parley/calling/precall/index.ts';
  const client = await CallClientFactory.create(${JSON.stringify(token)});
  const run = async () => {
    const [stages, began] = [[], performance.now()];
    const test = startPreCallTest(client, { onProgress: (stage) => stages.push(stage) });
    const results = await Promise.all(
      Object.entries(test).map(async ([name, result]) => [name, await result]),
    );
    return { ...Object.fromEntries(results), stages, seconds: (performance.now() - began) / 1000 };
  };
  window.tested = { client, run };`;

/** @param spoil Run in the page before anything else. */
async function testedPage(spoil?: () => void): Promise<{ page: Page } & AsyncDisposable> {
  const source = await serveSourcePage(script(await userToken(platform, 'alice')));
  const page = await openPage(browser, 'about:blank');
  if (spoil !== undefined) {
    await page.addInitScript(spoil);
  }
  await page.goto(source.url);
  await page.waitForFunction(() => window.tested !== undefined);

  return {
    page,
    async [Symbol.asyncDispose]() {
      await page.evaluate(() => window.tested.client.dispose());
      await page.context().close();
      await source[Symbol.asyncDispose]();
    },
  };
}

/** Peer connections of the page that are not closed. */
const openConnections = (page: Page): Promise<number> =>
  page.evaluate(
    () => window.probes.peerConnections.filter(({ connectionState }) => connectionState !== 'closed').length,
  );

describe('the pre-call test in a browser', () => {
  it('reaches the server over UDP, TCP and TURN, measures the bandwidth and leaves nothing behind', async () => {
    await using tested = await testedPage();
    const { page } = tested;

    const outcome = await page.evaluate(() => window.tested.run());

    expect(outcome.browserSupport.browser).toBe('Supported');
    expect(outcome.deviceAccess).toEqual({ audio: false, video: false });
    for (const way of Object.values(outcome.reachability)) {
      expect(way).toMatchObject({ state: 'Reachable', timeToConnectMs: expect.any(Number) });
    }
    expect(outcome.bandwidth.up?.kbps).toBeGreaterThan(100);
    expect(outcome.bandwidth.down?.kbps).toBeGreaterThan(100);
    expect(outcome.inCallDiagnostics.connected).toBe(true);
    expect(outcome.callMediaStatistics.video).toMatchObject({ roundTripTimeMs: expect.any(Number) });
    expect(outcome.callMediaStatistics.path).toEqual({ protocol: 'udp', isRelayed: false });
    expect(outcome.stages).toEqual(['Browser', 'Devices', 'Reachability', 'Relay', 'Media', 'Finished']);
    expect(outcome.seconds).toBeLessThan(15);
    expect(await openConnections(page)).toBe(0);
    expect(complaintsOf(page)).toEqual([]);
  });

  it('says nothing of the bandwidth where a picture a second is drawn, as in a tab that nobody sees', async () => {
    await using tested = await testedPage(() => {
      const set = window.setInterval.bind(window);
      const slow = (handler: () => void, ms = 0): number => set(handler, Math.max(1_000, ms));
      Object.assign(window, { setInterval: slow });
    });

    const outcome = await tested.page.evaluate(() => window.tested.run());

    expect(outcome.bandwidth).toEqual({ cause: 'no_media' });
    expect(outcome.inCallDiagnostics.connected).toBe(true);
  });

  it('finds TCP where UDP is withheld, and measures over that', async () => {
    await using tested = await testedPage(() => {
      // What a firewall does: nothing is heard of the addresses that are tried over UDP.
      const set = Reflect.get(RTCPeerConnection.prototype, 'setRemoteDescription');
      RTCPeerConnection.prototype.setRemoteDescription = function withoutUdp(description) {
        const sdp = description.sdp?.replaceAll(/^(a=candidate:\S+ \d+ udp \d+ \S+) \d+ /gim, '$1 9 ');

        return Reflect.apply(set, this, [
          { type: description.type, ...(sdp === undefined ? {} : { sdp }) },
        ]) as Promise<void>;
      };
    });
    const { page } = tested;

    const outcome = await page.evaluate(() => window.tested.run());

    expect(outcome.reachability.udp).toMatchObject({ state: 'NotReachable', cause: 'timed_out' });
    expect(outcome.reachability.tcp).toMatchObject({ state: 'Reachable' });
    expect(outcome.bandwidth.down?.kbps).toBeGreaterThan(100);
    expect(outcome.callMediaStatistics.path).toEqual({ protocol: 'tcp', isRelayed: false });
  });
});
