import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { knowsCameraOf, openCallPage } from './support/callPage.ts';
import { alice, bob } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { received } from './support/probes.ts';
import { userToken } from './support/tokens.ts';
import { startTurnServer, type TurnServer } from './support/turnServer.ts';

/** Shorter than a test, so that the credentials of its beginning have run out by its end. */
const ttlSeconds = 4;

let turn: TurnServer;
let platform: TestPlatform;
let browser: Browser;

beforeAll(async () => {
  turn = await startTurnServer();
  platform = await startTestPlatform({
    PARLEY_TURN_URLS: turn.url,
    PARLEY_TURN_SECRET: turn.secret,
    PARLEY_TURN_TTL_SECONDS: String(ttlSeconds),
  });
  browser = await openBrowser(alice, platform.folder, { flags: [turn.trustFlag] });
});
afterAll(async () => {
  await browser.close();
  await platform[Symbol.asyncDispose]();
  await turn[Symbol.asyncDispose]();
});

const framesOf = async (page: Page): Promise<number> =>
  (await received(page)).framesDecoded.reduce((sum, frames) => sum + frames, 0);

async function seesMore(page: Page): Promise<void> {
  const before = await framesOf(page);
  await expect.poll(() => framesOf(page), { timeout: 30_000 }).toBeGreaterThan(before + 10);
}

/** The local candidates that carry media now, with the protocol by which the TURN server is reached. */
const pathsOf = (page: Page): Promise<{ type: string; relayProtocol: string | undefined }[]> =>
  page.evaluate(async () => {
    const paths: { type: string; relayProtocol: string | undefined }[] = [];
    for (const connection of window.probes.peerConnections) {
      const stats = await connection.getStats();
      stats.forEach(
        (entry: { type: string; state?: string; nominated?: boolean; localCandidateId?: string }) => {
          if (entry.type === 'candidate-pair' && entry.nominated === true && entry.state === 'succeeded') {
            const local = stats.get(entry.localCandidateId ?? '') as {
              candidateType: string;
              relayProtocol?: string;
            };
            paths.push({ type: local.candidateType, relayProtocol: local.relayProtocol });
          }
        },
      );
    }

    return paths;
  });

/** When the credentials run out that the page's open peer connections have, the earliest first; Unix seconds. */
const expiriesOf = async (page: Page): Promise<number[]> => {
  const names = await page.evaluate(() =>
    window.probes.peerConnections
      .filter(({ connectionState }) => connectionState !== 'closed')
      .flatMap((connection) => connection.getConfiguration().iceServers ?? [])
      .map(({ username }) => username ?? ''),
  );

  return names.map((name) => Number.parseInt(name, 10)).toSorted((one, other) => one - other);
};

describe('through TURN over TLS alone', () => {
  it('media flows, and goes on with fresh credentials after the first have run out', async () => {
    const options = { videoOptions: { camera: true } };
    const iceTransportPolicy = 'relay';
    await using alicePage = await openCallPage({
      platform,
      browser,
      iceTransportPolicy,
      options,
      token: await userToken(platform, 'alice'),
    });
    await using bobPage = await openCallPage({
      platform,
      browser,
      iceTransportPolicy,
      token: await userToken(platform, 'bob'),
    });
    const { page } = bobPage;
    const startedAtMs = Date.now();
    await knowsCameraOf(page, alice.name);
    await page.evaluate((name) => void window.application.show(name, 320, 180), alice.name);
    await seesMore(page);

    const paths = [...(await pathsOf(page)), ...(await pathsOf(alicePage.page))];
    expect(paths.length).toBeGreaterThanOrEqual(2);
    expect(paths.filter(({ type, relayProtocol }) => type !== 'relay' || relayProtocol !== 'tls')).toEqual(
      [],
    );

    const expiries = await expiriesOf(page);
    const startedAt = startedAtMs / 1000;
    expect(expiries[0]).toBeGreaterThan(startedAt - ttlSeconds);
    expect(expiries.at(-1)).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + ttlSeconds);
    await expect
      .poll(() => Date.now() / 1000, { timeout: 20_000 })
      .toBeGreaterThan((expiries.at(-1) ?? Infinity) + 1);
    // Every allocation is gone, and no credential of the beginning would open another.
    await turn.restart();
    await seesMore(page);
    expect((await expiriesOf(page))[0]).toBeGreaterThan(expiries.at(-1) ?? Infinity);
    expect(await page.evaluate(() => window.application.call.state)).toBe('Connected');
  });

  it('nothing is relayed but to the addresses of the sfu', async () => {
    await using strict = await startTurnServer('203.0.113.20');
    await using elsewhere = await startTestPlatform({
      PARLEY_TURN_URLS: strict.url,
      PARLEY_TURN_SECRET: strict.secret,
    });
    const carefulBrowser = await openBrowser(bob, elsewhere.folder, { flags: [strict.trustFlag] });
    try {
      await using carefulPage = await openCallPage({
        platform: elsewhere,
        browser: carefulBrowser,
        iceTransportPolicy: 'relay',
        token: await userToken(elsewhere, 'bob'),
      });
      await expect.poll(() => strict.log, { timeout: 20_000 }).toMatch(/403.*Forbidden IP|peer.*denied/i);
      expect(await pathsOf(carefulPage.page)).toEqual([]);
    } finally {
      await carefulBrowser.close();
    }
  });
});
