import type { Call, CallClient } from '@parley/calling';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser } from '../e2e/support/browsers.ts';
import { openCallPage } from '../e2e/support/callPage.ts';
import { changeDemo, operatorKey } from '../e2e/support/callSettings.ts';
import { serveForeignPage } from '../e2e/support/foreignPage.ts';
import { PageObjects } from '../e2e/support/PageObjects.ts';
import { alice, bob } from '../e2e/support/people.ts';
import { startTestPlatform, type TestPlatform } from '../e2e/support/platform.ts';
import { userToken } from '../e2e/support/tokens.ts';

/** Bytes by which the heap may differ between two looks: the browser's own caches. */
const heapNoise = 400_000;

/** What was ended a moment ago has some seconds to be forgotten. */
const settling = { timeout: 20_000, interval: 1_000 } as const;

declare global {
  interface Window {
    leaky: {
      readonly client: CallClient;
      /** That of calls, once there was one. */
      callPrototype?: object;
      /** Enters the room with camera and microphone; resolves when it is in. */
      enter(): Promise<Call>;
    };
  }
}

const application = (sdkUrl: string, token: string, roomId: string): string => `<!doctype html>
<title>Application</title>
<style>body > div { width: 320px; height: 180px }</style>
<script type="module">
  import { CallClientFactory } from ${JSON.stringify(sdkUrl)};
  const client = await CallClientFactory.create(${JSON.stringify(token)});
  const enter = async () => {
    const call = client.join({ roomId: ${JSON.stringify(roomId)} }, { videoOptions: { camera: true } });
    await new Promise((resolve, reject) => {
      call.on('stateChanged', () => {
        if (call.state === 'Connected') resolve();
        if (call.state === 'Disconnected') reject(new Error(call.callEndReason.message));
      });
    });
    await new Promise((resolve) => {
      const settle = () => call.localVideoStreams.length > 0 && resolve();
      call.on('localVideoStreamsUpdated', settle);
      settle();
    });
    window.leaky.callPrototype = Object.getPrototypeOf(call);
    return call;
  };
  window.leaky = { client, enter };
</script>`;

const opened = new AsyncDisposableStack();
let platform: TestPlatform;
let page: Page;
let objects: PageObjects;

beforeAll(async () => {
  platform = opened.use(await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey }));
  // Nobody enters a call ten times a second, but for this test.
  await changeDemo(platform, { limits: { signalingRequestsPerSecond: 10_000 } });
  const browsers = await Promise.all([alice, bob].map((person) => openBrowser(person, platform.folder)));
  const [ofAlice, ofBob] = browsers;
  for (const browser of browsers) {
    opened.defer(() => browser.close());
  }
  if (ofAlice === undefined || ofBob === undefined) {
    throw new Error('There are no browsers.');
  }
  const token = await userToken(platform, 'bob');
  opened.use(
    await openCallPage({ platform, browser: ofBob, token, options: { videoOptions: { camera: true } } }),
  );
  const foreign = opened.use(
    await serveForeignPage(
      application(
        `${platform.url}/sdk/parley-calling.js`,
        await userToken(platform, 'alice'),
        platform.demo.room.id,
      ),
    ),
  );
  // Without the probes of the other tests, which hold on to peer connections.
  page = await (await ofAlice.newContext()).newPage();
  await page.goto(foreign.url);
  await page.waitForFunction(() => window.leaky?.client.connectionState === 'Connected');
  objects = await PageObjects.of(page);
});

afterAll(() => opened.disposeAsync());

const isOpen = "({ connectionState }) => connectionState !== 'closed'";
const isLive = "({ readyState }) => readyState === 'live'";

async function inventory(): Promise<Record<string, number>> {
  await objects.collect();

  return {
    'live tracks': await objects.count('MediaStreamTrack.prototype', isLive),
    calls: await objects.count('window.leaky.callPrototype'),
    'peer connections': await objects.count('RTCPeerConnection.prototype', isOpen),
    'data channels': await objects.count('RTCDataChannel.prototype'),
    'video elements': await objects.count('HTMLVideoElement.prototype'),
    'audio elements': await objects.count('HTMLAudioElement.prototype'),
    'size observers': await objects.count('ResizeObserver.prototype'),
    'sight observers': await objects.count('IntersectionObserver.prototype'),
    'listeners of the window': await objects.listeners('window'),
    'listeners of the document': await objects.listeners('document'),
    'listeners of the devices': await objects.listeners('navigator.mediaDevices'),
  };
}

it('fifty calls that were entered and left leave nothing behind', { timeout: 120_000 }, async () => {
  const enterAndLeave = (times: number) =>
    page.evaluate(async (count) => {
      for (let time = 0; time < count; time += 1) {
        const call = await window.leaky.enter();
        await call.hangUp();
      }
    }, times);
  await enterAndLeave(10);
  const before = await inventory();
  const heapBefore = await objects.heap();
  await enterAndLeave(50);

  await expect.poll(inventory, settling).toEqual(before);
  expect(before).toMatchObject({ calls: 0, 'live tracks': 0, 'peer connections': 0, 'data channels': 0 });
  // Chromium keeps a few that were closed while they looked for addresses; of all that there were, it would be a hundred.
  expect(await objects.count('RTCPeerConnection.prototype')).toBeLessThan(40);
  await expect.poll(async () => (await objects.heap()) - heapBefore, settling).toBeLessThan(heapNoise);
});

it(
  'two hundred pictures that were rendered and disposed of leave nothing behind',
  { timeout: 120_000 },
  async () => {
    await page.evaluate(async () => {
      const call = await window.leaky.enter();
      const bobs = () => call.remoteParticipants.find(({ displayName }) => displayName === 'Bob');
      while (bobs()?.videoStreams[0] === undefined) {
        await new Promise(requestAnimationFrame);
      }
      Object.assign(window, { stream: bobs()?.videoStreams[0], call });
    });
    const renderAndDispose = (times: number) =>
      page.evaluate(async (count) => {
        const { stream } = window as unknown as { stream: Call['remoteParticipants'][0]['videoStreams'][0] };
        for (let time = 0; time < count; time += 1) {
          const place = document.body.appendChild(document.createElement('div'));
          const renderer = await stream.render(place);
          renderer.dispose();
          place.remove();
        }
      }, times);
    await renderAndDispose(10);
    const before = await inventory();
    const heapBefore = await objects.heap();
    await renderAndDispose(200);

    await expect.poll(inventory, settling).toEqual(before);
    expect(before).toMatchObject({ 'video elements': 0 });
    await expect.poll(async () => (await objects.heap()) - heapBefore, settling).toBeLessThan(heapNoise);
  },
);
