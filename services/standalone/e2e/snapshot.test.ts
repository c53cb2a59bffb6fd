import { Relay } from '@parley/test-kit';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { knowsCameraOf, openCallPage } from './support/callPage.ts';
import { beginChronicle, chronicleOf, framesGoOn, longestFreezeOf } from './support/chronicle.ts';
import { alice, bob } from './support/people.ts';
import { startTestPlatform } from './support/platform.ts';
import { colourOf, isColourOf, pitchOf } from './support/probes.ts';
import { userToken } from './support/tokens.ts';

const poll = { timeout: 20_000, interval: 100 } as const;

it('a page that is given everything anew goes on hearing and seeing, and receives what begins later', async () => {
  await using stack = new AsyncDisposableStack();
  const platform = stack.use(await startTestPlatform());
  const relay = await Relay.to(platform.url);
  stack.defer(() => relay.cut());
  const options = { videoOptions: { camera: true } };
  const [ofAlice, ofBob] = await Promise.all([
    openBrowser(alice, platform.folder),
    openBrowser(bob, platform.folder),
  ]);
  stack.defer(() => ofAlice.close());
  stack.defer(() => ofBob.close());
  const tokens = [await userToken(platform, 'alice'), await userToken(platform, 'bob')] as const;
  const hers = stack.use(await openCallPage({ platform, browser: ofAlice, token: tokens[0], options }));
  const his = stack.use(
    await openCallPage({ platform, browser: ofBob, token: tokens[1], options, endpoint: relay.url }),
  );
  const { page } = his;
  await knowsCameraOf(page, 'Alice');
  await page.evaluate(() => void window.application.show('Alice', 320, 180));
  await beginChronicle(page, '[data-name="Alice"] video');
  await expect.poll(() => hears(page, 'Alice'), poll).toBe(true);
  const before = await consumersOf(page);
  await pretendToHaveHeardTooMuch(page);

  await relay.cut();
  await page.waitForFunction(() => window.application.call.state === 'Reconnecting');
  await relay.join();
  await page.waitForFunction(() => window.application.call.state === 'Connected');
  expect(await page.evaluate(() => window.pretences)).toBe(1);

  await framesGoOn(page);
  await expect.poll(() => hears(page, 'Alice'), poll).toBe(true);
  expect(await longestFreezeOf(page)).toBeLessThan(1_500);
  expect(await consumersOf(page)).toEqual(before);
  expect(await chronicleOf(page)).toMatchObject({ comings: [], states: ['Reconnecting', 'Connected'] });
  // Whatever begins from here on is one more negotiation of the same connection.
  await hers.page.evaluate(() => window.application.call.startScreenSharing());
  await page.waitForFunction(
    () => (window.application.person('Alice')?.screenSharingStreams.length ?? 0) > 0,
  );
  await page.evaluate(async () => {
    const place = document.body.appendChild(document.createElement('div'));
    place.style.cssText = 'width:320px;height:180px';
    await window.application.person('Alice')?.screenSharingStreams[0]?.render(place);
  });
  expect(isColourOf(await colourOf(page, '[data-name="Alice"] video'), alice)).toBe(true);
  await framesGoOn(page);
});

declare global {
  interface Window {
    /** How often the page has asked for what nobody keeps. */
    pretences: number;
  }
}

/** From now on the page resumes with a number that was never given: nothing that is kept makes up for it. */
function pretendToHaveHeardTooMuch(page: Page): Promise<void> {
  return page.evaluate(() => {
    window.pretences = 0;
    // oxlint-disable-next-line typescript/unbound-method -- It is called on the socket that it was called on.
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      if (typeof data === 'string' && data.includes('"resume"')) {
        window.pretences += 1;
        send.call(this, data.replace(/"sequence":\d+/, '"sequence":1000000'));
      } else {
        send.call(this, data);
      }
    };
  });
}

async function hears(page: Page, name: 'Alice'): Promise<boolean> {
  await page.evaluate((displayName) => {
    const stream = window.application.person(displayName)?.audioStreams[0]?.mediaStream;
    if (stream !== undefined) {
      window.probes.streams.set(displayName, stream);
    }
  }, name);
  const pitch = await pitchOf(page, name);

  return Math.abs(pitch - alice.pitch) < 30;
}

/** What the page receives over, as the browser knows it. */
function consumersOf(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    window.probes.peerConnections
      .flatMap((connection) => connection.getTransceivers())
      .filter(({ currentDirection }) => currentDirection === 'recvonly')
      .map(({ receiver }) => receiver.track.id)
      .toSorted(),
  );
}
