import type { MediaStatsSample } from '@parley/calling/stats';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knowsCameraOf, openCallPage } from './support/callPage.ts';
import type { TestPlatform } from './support/platform.ts';
import { startPlatformForTwo, type PlatformForTwo } from './support/platformForTwo.ts';
import { userToken } from './support/tokens.ts';

const opened = new AsyncDisposableStack();
let platform: TestPlatform;
let browsers: PlatformForTwo['browsers'];

beforeAll(async () => {
  ({ platform, browsers } = opened.use(await startPlatformForTwo()));
});

afterAll(() => opened.disposeAsync());

/** Alice with her camera of 640×360, and Bob, who shows her. */
async function aliceSeenByBob(stack: AsyncDisposableStack): Promise<{ sender: Page; viewer: Page }> {
  const options = { videoOptions: { camera: true } };
  const token = await userToken(platform, 'alice');
  const sender = stack.use(await openCallPage({ platform, browser: browsers.alice, token, options }));
  const viewer = stack.use(
    await openCallPage({ platform, browser: browsers.bob, token: await userToken(platform, 'bob') }),
  );
  await knowsCameraOf(viewer.page, 'Alice');
  await viewer.page.evaluate(async () => {
    await window.application.show('Alice', 640, 360);
  });

  return { sender: sender.page, viewer: viewer.page };
}

/** The first sample with a moving picture. */
function sampleOf(page: Page, direction: 'send' | 'receive'): Promise<MediaStatsSample> {
  return page.evaluate(async (wanted) => {
    const { MediaStats } = await window.application.load('stats');
    const collector = window.application.call.feature(MediaStats).createCollector();

    return new Promise<MediaStatsSample>((resolve) => {
      collector.on('sampleReported', (sample) => {
        const lists = [sample.audio[wanted], sample.video[wanted]];
        const flows = ({ bitrate = 0 }: { bitrate: number | undefined }): boolean => bitrate > 0;
        const isLarge = sample.video[wanted].some(({ frameHeight }) => frameHeight === 360);
        if (isLarge && lists.every((rows) => rows.some(flows))) {
          collector.dispose();
          resolve(sample);
        }
      });
    });
  }, direction);
}

describe('a call in Chromium', () => {
  it('has figures of what is sent and received, by who sends it and from what', async () => {
    await using stack = new AsyncDisposableStack();
    const { sender, viewer } = await aliceSeenByBob(stack);

    const [sent, received] = await Promise.all([sampleOf(sender, 'send'), sampleOf(viewer, 'receive')]);

    const idOfAlice = await viewer.evaluate(() => window.application.person('Alice')?.endpointId);
    const [largest] = sent.video.send.filter(({ frameHeight }) => frameHeight === 360);
    expect(largest).toMatchObject({ source: 'camera', endpointId: undefined, codec: 'video/VP8' });
    expect(largest?.framesPerSecond).toBeGreaterThan(5);
    expect(sent.audio.send).toMatchObject([{ source: 'microphone', codec: 'audio/opus' }]);
    const [picture] = received.video.receive;
    expect(picture).toMatchObject({ source: 'camera', endpointId: idOfAlice, codec: 'video/VP8' });
    expect(picture?.frameWidth).toBe(640);
    expect(picture?.framesPerSecond).toBeGreaterThan(5);
    expect(picture?.bitrate).toBeGreaterThan(20_000);
    expect(picture?.fractionLost).toBeLessThan(0.2);
    expect(received.audio.receive).toMatchObject([{ source: 'microphone', endpointId: idOfAlice }]);
    expect(received.transports).toMatchObject([
      { direction: 'send', protocol: 'udp' },
      { direction: 'receive', localCandidateType: 'host', protocol: 'udp' },
    ]);
    const [, path] = received.transports;
    expect(path?.currentRoundTripTime).toBeLessThan(0.5);
    expect(path?.incomingBitrate).toBeGreaterThan(20_000);
  });

  it('finds out how good its network is, both ways and of each participant', async () => {
    await using stack = new AsyncDisposableStack();
    const { viewer } = await aliceSeenByBob(stack);

    const levels = await viewer.evaluate(async () => {
      const { NetworkQuality } = await window.application.load('stats');
      const quality = window.application.call.feature(NetworkQuality);
      const ofAlice = window.application.person('Alice');
      const look = () =>
        [quality.send, quality.receive, ...(ofAlice === undefined ? [] : [quality.of(ofAlice)])].map(
          ({ level }) => level,
        );

      return new Promise<string[]>((resolve) => {
        const lookAgain = (): void => {
          if (!look().includes('Unknown')) {
            resolve(look());
          }
        };
        quality.on('sendChanged', lookAgain);
        quality.on('receiveChanged', lookAgain);
        quality.on('participantQualityChanged', lookAgain);
      });
    });

    expect(levels).toHaveLength(3);
    // How good it is depends on how busy the machine is.
    expect(['Good', 'Poor', 'Bad']).toEqual(expect.arrayContaining(levels));
  });

  it('tells somebody who speaks that they are muted, and nothing of the kind when they are not', async () => {
    await using stack = new AsyncDisposableStack();
    const { sender } = await aliceSeenByBob(stack);

    const told = await sender.evaluate(async () => {
      const { UserFacingDiagnostics } = await window.application.load('diagnostics');
      const { call } = window.application;
      const { media } = call.feature(UserFacingDiagnostics);
      const values: unknown[] = [];
      const raised = new Promise<void>((resolve) => {
        media.on('diagnosticChanged', ({ diagnostic, value }) => {
          if (diagnostic === 'speakingWhileMicrophoneIsMuted') {
            values.push(value);
            resolve();
          }
        });
      });
      await call.mute();
      await raised;
      await call.unmute();

      return { values, latest: media.getLatest() };
    });

    expect(told.values.at(0)).toBe(true);
    expect(told.values.at(-1)).toBe(false);
    // The microphone and the camera work.
    expect(Object.keys(told.latest)).toEqual(['speakingWhileMicrophoneIsMuted']);
  });
});
