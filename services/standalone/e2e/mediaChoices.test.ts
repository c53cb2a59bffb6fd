import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import type * as Processors from '@parley/calling/processors';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knowsCameraOf, openCallPage } from './support/callPage.ts';
import { alice } from './support/people.ts';
import { checkout, type TestPlatform } from './support/platform.ts';
import { startPlatformForTwo, type PlatformForTwo } from './support/platformForTwo.ts';
import { colourOf, pitchOf, receivedVideo } from './support/probes.ts';
import { userToken } from './support/tokens.ts';

const poll = { timeout: 20_000, interval: 250 } as const;
const magenta = [200, 40, 200] as const;
const opened = new AsyncDisposableStack();
let platform: TestPlatform;
let browsers: PlatformForTwo['browsers'];

beforeAll(async () => {
  ({ platform, browsers } = opened.use(await startPlatformForTwo({ camera: 'pattern' })));
});

afterAll(() => opened.disposeAsync());

/** Alice and Bob in the demo room, without cameras. */
async function meet(stack: AsyncDisposableStack): Promise<{ sender: Page; viewer: Page }> {
  const [ofAlice, ofBob] = await Promise.all(
    (['alice', 'bob'] as const).map(async (name) =>
      openCallPage({ platform, browser: browsers[name], token: await userToken(platform, name) }),
    ),
  );
  if (ofAlice === undefined || ofBob === undefined) {
    throw new Error('Somebody has no page.');
  }
  stack.use(ofAlice);
  stack.use(ofBob);

  return { sender: ofAlice.page, viewer: ofBob.page };
}

/** Sends a canvas of one colour, which is drawn again and again; answers the codec. */
const sendCanvas = (page: Page, codec?: 'VP9'): Promise<string | undefined> =>
  page.evaluate(
    async ({ wanted, colour }) => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [640, 360];
      const context = canvas.getContext('2d');
      const draw = (): void => {
        if (context !== null) {
          context.fillStyle = `rgb(${colour.join(' ')})`;
          context.fillRect(0, 0, 640, 360);
        }
      };
      draw();
      setInterval(draw, 50);
      const drawing = canvas.captureStream(20);
      Object.assign(window, { drawing });
      const stream = await window.application.call.startVideo(
        drawing,
        wanted === undefined ? {} : { codec: wanted },
      );

      return stream.codec;
    },
    { wanted: codec, colour: [...magenta] },
  );

const isNear = (colour: readonly number[] | undefined, other: readonly number[]): boolean =>
  colour !== undefined && Math.hypot(...other.map((value, channel) => value - (colour[channel] ?? 0))) < 50;

const seenOf = (page: Page) => colourOf(page, '[data-name="Alice"] video');

/** Bits a second of the pictures that the page sends, over two seconds. */
const sentBitrate = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const bytesSent = async (): Promise<number> => {
      let sum = 0;
      for (const connection of window.probes.peerConnections) {
        (await connection.getStats()).forEach((entry: RTCOutboundRtpStreamStats) => {
          sum += entry.type === 'outbound-rtp' && entry.kind === 'video' ? (entry.bytesSent ?? 0) : 0;
        });
      }

      return sum;
    };
    const before = await bytesSent();
    await new Promise((resolve) => {
      setTimeout(resolve, 2_000);
    });

    return ((await bytesSent()) - before) * 4;
  });

/** The modules of the processors, as a page may import them. */
async function serveProcessors(page: Page): Promise<void> {
  await page.route('**/processors/*.ts', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? '';
    const source = await readFile(join(checkout, 'packages/calling/src/processors', name), 'utf8');
    await route.fulfill({ contentType: 'text/javascript', body: stripTypeScriptTypes(source) });
  });
  await page.addScriptTag({
    type: 'module',
    content: "import * as processors from '/processors/index.ts'; window.processors = processors;",
  });
  await page.waitForFunction(() => 'processors' in window);
}

describe('what the application draws', () => {
  it('arrives with its colour, in a snapshot, too, and is not stopped with the video', async () => {
    await using stack = new AsyncDisposableStack();
    const { sender, viewer } = await meet(stack);
    expect(await sendCanvas(sender)).toBe('VP8');
    await knowsCameraOf(viewer, 'Alice');

    const snapshot = await viewer.evaluate(async () => {
      const bitmap = await window.application.person('Alice')?.videoStreams[0]?.takeSnapshot();
      const context = new OffscreenCanvas(1, 1).getContext('2d');
      if (bitmap === undefined || context === null) {
        return undefined;
      }
      context.drawImage(bitmap, 0, 0, 1, 1);

      return { colour: [...context.getImageData(0, 0, 1, 1).data].slice(0, 3), height: bitmap.height };
    });
    expect(isNear(snapshot?.colour, magenta)).toBe(true);
    await viewer.evaluate(() => window.application.show('Alice', 640, 360));
    await expect.poll(async () => isNear(await seenOf(viewer), magenta), poll).toBe(true);
    // The smaller layer where the machine is busy.
    expect([180, 360]).toContain(
      await viewer.evaluate(() => window.application.person('Alice')?.videoStreams[0]?.size?.height),
    );

    const states = await sender.evaluate(async () => {
      await window.application.call.stopVideo();

      return (window as unknown as { drawing: MediaStream }).drawing
        .getTracks()
        .map(({ readyState }) => readyState);
    });
    expect(states).toEqual(['live']);
  });
});

describe('a picture that is smaller than the one before', () => {
  it('arrives with all its lines', async () => {
    await using stack = new AsyncDisposableStack();
    const { sender, viewer } = await meet(stack);
    await sender.evaluate(() => window.application.call.startVideo());
    await knowsCameraOf(viewer, 'Alice');
    await viewer.evaluate(() => window.application.show('Alice', 1280, 720));

    await sendCanvas(sender);

    await expect.poll(async () => isNear(await seenOf(viewer), magenta), poll).toBe(true);
    await expect.poll(async () => (await receivedVideo(viewer)).frameHeight, poll).toBe(360);
  });
});

describe('VP9', () => {
  it('is what is sent and seen when it is preferred', async () => {
    await using stack = new AsyncDisposableStack();
    const { sender, viewer } = await meet(stack);
    expect(await sendCanvas(sender, 'VP9')).toBe('VP9');
    await knowsCameraOf(viewer, 'Alice');
    await viewer.evaluate(() => window.application.show('Alice', 640, 360));

    const codecOf = (page: Page, type: string): Promise<string[]> =>
      page.evaluate(async (wanted) => {
        const codecs: string[] = [];
        for (const connection of window.probes.peerConnections) {
          const stats = await connection.getStats();
          stats.forEach((entry: RTCInboundRtpStreamStats) => {
            if (entry.type === wanted && entry.kind === 'video' && entry.mid !== 'probator') {
              codecs.push(
                (stats.get(entry.codecId ?? '') as { mimeType?: string } | undefined)?.mimeType ?? '',
              );
            }
          });
        }

        return codecs;
      }, type);
    await expect.poll(async () => isNear(await seenOf(viewer), magenta), poll).toBe(true);
    expect(await codecOf(sender, 'outbound-rtp')).toEqual(['video/VP9']);
    expect(await codecOf(viewer, 'inbound-rtp')).toEqual(['video/VP9']);
  });
});

describe('a limit', () => {
  it('of what is sent holds, and is lifted again', async () => {
    await using stack = new AsyncDisposableStack();
    const { sender, viewer } = await meet(stack);
    await sender.evaluate(() => window.application.call.startVideo());
    await knowsCameraOf(viewer, 'Alice');
    await viewer.evaluate(() => window.application.show('Alice', 1280, 720));
    // How large it gets on a busy machine is not what this is about.
    await expect.poll(async () => (await receivedVideo(viewer)).frameHeight, poll).toBeGreaterThan(240);
    await expect.poll(() => sentBitrate(sender), poll).toBeGreaterThan(200_000);

    await sender.evaluate(() =>
      window.application.call.setConstraints({
        video: { send: { frameHeight: { max: 240 }, bitrate: { max: 150_000 } } },
      }),
    );
    await expect.poll(async () => (await receivedVideo(viewer)).frameHeight, poll).toBeLessThanOrEqual(240);
    await expect.poll(() => sentBitrate(sender), poll).toBeLessThan(180_000);

    await sender.evaluate(() =>
      window.application.call.setConstraints({
        video: { send: { frameHeight: { max: 0 }, bitrate: { max: 0 } } },
      }),
    );
    await expect.poll(async () => (await receivedVideo(viewer)).frameHeight, poll).toBeGreaterThan(240);
  });

  it('of what is received has the server send a smaller layer', async () => {
    await using stack = new AsyncDisposableStack();
    const { sender, viewer } = await meet(stack);
    await sender.evaluate(() => window.application.call.startVideo());
    await knowsCameraOf(viewer, 'Alice');
    await viewer.evaluate(() => window.application.show('Alice', 1280, 720));
    await expect.poll(async () => (await receivedVideo(viewer)).frameHeight, poll).toBeGreaterThan(180);

    await viewer.evaluate(() =>
      window.application.call.setConstraints({ receive: { bitrate: { max: 120_000 } } }),
    );
    await expect.poll(async () => (await receivedVideo(viewer)).frameHeight, poll).toBe(180);
  });
});

describe('a processor', () => {
  it.each(['from the track itself', 'over a canvas'])(
    'draws what the others see, %s, through a change of the source, and is gone without it',
    async (way) => {
      await using stack = new AsyncDisposableStack();
      const { sender, viewer } = await meet(stack);
      await sender.evaluate((isOverCanvas) => {
        if (isOverCanvas) {
          Object.assign(window, { MediaStreamTrackGenerator: undefined });
        }
      }, way === 'over a canvas');
      await serveProcessors(sender);
      await sender.evaluate(async () => {
        const { createVideoProcessor } = (window as unknown as { processors: typeof Processors }).processors;
        const stream = await window.application.call.startVideo();
        const processor = createVideoProcessor({
          draw(frame, context, { width, height }) {
            context.drawImage(frame, 0, 0, width, height);
            context.fillStyle = 'rgb(20 60 220)';
            context.fillRect(0, 0, width, height / 2);
          },
        });
        await stream.setProcessor(processor);
      });
      await knowsCameraOf(viewer, 'Alice');
      await viewer.evaluate(() => window.application.show('Alice', 1280, 720));
      await expect.poll(async () => isNear(await seenOf(viewer), [20, 60, 220]), poll).toBe(true);

      // Chromium's fake camera once more, as the application's own.
      await sender.evaluate(async () => {
        const [stream] = window.application.call.localVideoStreams;
        await stream?.setMediaStream(await navigator.mediaDevices.getUserMedia({ video: true }));
      });
      await expect.poll(async () => isNear(await seenOf(viewer), [20, 60, 220]), poll).toBe(true);
      await sender.evaluate(() => window.application.call.localVideoStreams[0]?.setProcessor(undefined));
      await expect.poll(async () => isNear(await seenOf(viewer), [20, 60, 220]), poll).toBe(false);
    },
  );
});

it('a noise gate lets through what is louder than its threshold, and nothing else', async () => {
  await using stack = new AsyncDisposableStack();
  const { sender, viewer } = await meet(stack);
  await serveProcessors(sender);
  await viewer.waitForFunction(() => window.application.person('Alice')?.audioStreams.length === 1);
  await viewer.evaluate(() => {
    const stream = window.application.person('Alice')?.audioStreams[0]?.mediaStream;
    if (stream !== undefined) {
      window.probes.streams.set('Alice', stream);
    }
  });
  const gate = (thresholdDb: number): Promise<boolean> =>
    sender.evaluate(async (threshold) => {
      const { createNoiseGate } = (window as unknown as { processors: typeof Processors }).processors;
      await window.application.call.setAudioProcessor(createNoiseGate({ thresholdDb: threshold }));

      return window.application.call.audioProcessor !== undefined;
    }, thresholdDb);
  await expect
    .poll(async () => Math.abs((await pitchOf(viewer, 'Alice')) - alice.pitch), poll)
    .toBeLessThan(20);

  expect(await gate(-1)).toBe(true);
  await expect.poll(() => pitchOf(viewer, 'Alice'), poll).toBe(0);
  expect(await gate(-60)).toBe(true);
  await expect
    .poll(async () => Math.abs((await pitchOf(viewer, 'Alice')) - alice.pitch), poll)
    .toBeLessThan(20);
});
