import type { Encryption } from '@parley/calling/e2ee';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, openPage } from './support/browsers.ts';
import { serveEncryption } from './support/encryptedPage.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { alice } from './support/people.ts';

declare global {
  interface Window {
    loopback: {
      readonly encryption: Encryption;
      readonly brokenCode: string;
      readonly workers: readonly Worker[];
      readonly sending: RTCPeerConnection;
      readonly receiving: RTCPeerConnection;
    };
  }
}

/** Sends its camera to itself under a policy that allows scripts of its own origin alone as workers. */
const loopback = (mimeType: string, scalabilityMode: string, prepare: string): string => `<!doctype html>
<title>Loopback</title>
<meta http-equiv="Content-Security-Policy" content="worker-src 'self'" />
<video autoplay muted></video>
<script type="module">
  import { createEncryption } from '/parley-calling-e2ee.js';
  ${prepare};
  const workers = [];
  window.Worker = class extends Worker {
    constructor(...options) {
      super(...options);
      workers.push(this);
    }
  };
  const call = { state: 'Connected', remoteParticipants: [], on: () => () => {} };
  const broken = createEncryption({ workerUrl: '/nowhere.js' });
  const brokenCode = await broken.begin(call).then(() => 'none', ({ code }) => code);
  const encryption = createEncryption();
  await encryption.setKey(new Uint8Array(32).fill(1));
  await encryption.begin(call);
  const [sending, receiving] = [1, 2].map(() => new RTCPeerConnection(encryption.configuration));
  const connect = (one, other) =>
    one.addEventListener('icecandidate', ({ candidate }) => other.addIceCandidate(candidate));
  connect(sending, receiving);
  connect(receiving, sending);
  const camera = await navigator.mediaDevices.getUserMedia({ video: { width: 1280, height: 720 } });
  const [track] = camera.getVideoTracks();
  const sendEncodings = [{ scalabilityMode: ${JSON.stringify(scalabilityMode)} }];
  const transceiver = sending.addTransceiver(track, { direction: 'sendonly', sendEncodings });
  const mimeType = ${JSON.stringify(mimeType)};
  transceiver.setCodecPreferences(
    RTCRtpSender.getCapabilities('video').codecs.filter((codec) => codec.mimeType === mimeType),
  );
  encryption.encrypt('camera', mimeType)(transceiver.sender);
  receiving.addEventListener('track', ({ receiver, track }) => {
    const consumer = { id: 'c', producerId: 'p', kind: 'video', rtpParameters: { codecs: [{ mimeType }] } };
    encryption.decrypt(receiver, consumer, 'alice-person', () => {});
    document.querySelector('video').srcObject = new MediaStream([track]);
  });
  await sending.setLocalDescription();
  await receiving.setRemoteDescription(sending.localDescription);
  await receiving.setLocalDescription();
  await sending.setRemoteDescription(receiving.localDescription);
  window.loopback = { encryption, brokenCode, workers, sending, receiving };
</script>`;

const opened = new AsyncDisposableStack();
let openLoopback: (mimeType: string, scalabilityMode: string, prepare?: string) => Promise<Page>;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-frames-'));
  opened.defer(() => rm(folder, { recursive: true }));
  const browser = await openBrowser(alice, folder, { camera: 'pattern' });
  opened.defer(() => browser.close());
  const scripts = await serveEncryption();
  openLoopback = async (mimeType, scalabilityMode, prepare = '') => {
    const foreign = opened.use(await serveForeignPage(loopback(mimeType, scalabilityMode, prepare), scripts));
    const page = await openPage(browser, foreign.url);
    await page.waitForFunction(() => window.loopback !== undefined);

    return page;
  };
});

afterAll(() => opened.disposeAsync());

const framesDecoded = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    let frames = 0;
    (await window.loopback.receiving.getStats()).forEach((entry: RTCInboundRtpStreamStats) => {
      frames += entry.type === 'inbound-rtp' ? (entry.framesDecoded ?? 0) : 0;
    });

    return frames;
  });

// Their layers are frames of their own, and the browser needs no byte of them.
it.each(['L1T1', 'L3T3_KEY'])(
  'pictures of VP9 in %s are decoded, of which nothing is clear',
  async (mode) => {
    const page = await openLoopback('video/VP9', mode);

    await expect.poll(() => framesDecoded(page), { timeout: 20_000, interval: 250 }).toBeGreaterThan(60);
    expect(await page.evaluate(() => window.loopback.encryption.stateOf('alice'))).toBe('Encrypted');
  },
);

it('a worker whose script is not there is told as not_supported', async () => {
  const page = await openLoopback('video/VP8', 'L1T1');

  expect(await page.evaluate(() => window.loopback.brokenCode)).toBe('not_supported');
});

it.each(['script transforms', 'encoded streams'])(
  'nothing leaves the page when its worker is gone, over %s',
  async (how) => {
    const prepare = how === 'encoded streams' ? 'delete window.RTCRtpScriptTransform' : '';
    const page = await openLoopback('video/VP8', 'L1T1', prepare);
    await expect.poll(() => framesDecoded(page), { timeout: 20_000, interval: 250 }).toBeGreaterThan(10);
    const sent = (): Promise<{ packets: number; encoded: number }> =>
      page.evaluate(async () => {
        const result = { packets: 0, encoded: 0 };
        (await window.loopback.sending.getStats()).forEach((entry: RTCOutboundRtpStreamStats) => {
          if (entry.type === 'outbound-rtp') {
            Object.assign(result, { packets: entry.packetsSent ?? 0, encoded: entry.framesEncoded ?? 0 });
          }
        });

        return result;
      });

    await page.evaluate(() => window.loopback.workers.forEach((worker) => worker.terminate()));
    // What was on its way to the network.
    const first = await sent();
    await expect
      .poll(async () => (await sent()).encoded, { timeout: 20_000 })
      .toBeGreaterThan(first.encoded + 10);
    const second = await sent();
    await expect
      .poll(async () => (await sent()).encoded, { timeout: 20_000 })
      .toBeGreaterThan(second.encoded + 30);

    expect((await sent()).packets).toBe(second.packets);
  },
);

it('a worker that has stopped is replaced, and pictures go on through the next one', async () => {
  const page = await openLoopback('video/VP8', 'L1T1');
  await expect.poll(() => framesDecoded(page), { timeout: 20_000, interval: 250 }).toBeGreaterThan(10);
  const workers = await page.evaluate(() => window.loopback.workers.length);

  // As it is told of a script that has thrown.
  await page.evaluate(() => window.loopback.workers.at(-1)?.dispatchEvent(new Event('error')));
  const before = await framesDecoded(page);

  await expect
    .poll(() => framesDecoded(page), { timeout: 20_000, interval: 250 })
    .toBeGreaterThan(before + 30);
  expect(await page.evaluate(() => window.loopback.workers.length)).toBe(workers + 1);
  expect(await page.evaluate(() => window.loopback.encryption.stateOf('alice'))).toBe('Encrypted');
});
