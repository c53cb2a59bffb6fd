import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from './support/browsers.ts';
import { knowsCameraOf, openCallPage } from './support/callPage.ts';
import { changeCallSettings, operatorKey } from './support/callSettings.ts';
import { bob, carol } from './support/people.ts';
import type { TestPlatform } from './support/platform.ts';
import { startPlatformForTwo, type PlatformForTwo } from './support/platformForTwo.ts';
import { pitchOf, receivedVideo, sentEncodings } from './support/probes.ts';
import { guestToken, userToken } from './support/tokens.ts';

const poll = { timeout: 20_000, interval: 250 } as const;
const opened = new AsyncDisposableStack();
let platform: TestPlatform;
let browsers: PlatformForTwo['browsers'];

beforeAll(async () => {
  ({ platform, browsers } = opened.use(
    await startPlatformForTwo({
      variables: { PARLEY_OPERATOR_KEY: operatorKey },
      camera: 'pattern',
    }),
  ));
});

afterAll(() => opened.disposeAsync());

/** Alice in the demo room with a camera of 720 lines, in three encodings. */
async function aliceWithCamera(stack: AsyncDisposableStack): Promise<Page> {
  const { page } = stack.use(
    await openCallPage({
      platform,
      browser: browsers.alice,
      token: await userToken(platform, 'alice'),
      options: { videoOptions: { camera: true } },
    }),
  );

  return page;
}

/** Bob in the same room, who shows nobody yet. */
async function bobWhoWatches(stack: AsyncDisposableStack): Promise<Page> {
  const { page } = stack.use(
    await openCallPage({ platform, browser: browsers.bob, token: await userToken(platform, 'bob') }),
  );
  await knowsCameraOf(page, 'Alice');

  return page;
}

/** Nothing of it has changed between two looks. */
async function standsStill(look: () => Promise<number>, what: string): Promise<void> {
  let before = await look();
  await expect
    .poll(
      async () => {
        const now = await look();
        const change = now - before;
        before = now;

        return change;
      },
      // Far enough apart for a stream of five frames a second to show.
      { timeout: 20_000, interval: 1_000, message: what },
    )
    .toBe(0);
}

const packetsOf = (page: Page) => async (): Promise<number> => (await receivedVideo(page)).packets;

async function flows(page: Page): Promise<void> {
  const before = await packetsOf(page)();
  await expect.poll(packetsOf(page), poll).toBeGreaterThan(before + 10);
}

describe('a picture', () => {
  it('is there in its top layer within 2 s for a lone viewer on a fast path', async () => {
    await using stack = new AsyncDisposableStack();
    await aliceWithCamera(stack);
    const page = await bobWhoWatches(stack);

    const elapsedMs = await page.evaluate(async () => {
      const start = performance.now();
      const renderer = await window.application.show('Alice', 1280, 720);
      const video = renderer.target.querySelector('video');
      const lines = (): number => video?.videoHeight ?? 0;
      while (lines() < 720) {
        await new Promise((resolve) => video?.requestVideoFrameCallback(resolve));
      }

      return performance.now() - start;
    });

    expect(elapsedMs).toBeLessThan(2_000);
  });

  it('comes in the layer that fits the size it is shown in', async () => {
    await using stack = new AsyncDisposableStack();
    await aliceWithCamera(stack);
    const page = await bobWhoWatches(stack);
    const resize = (width: number, height: number): Promise<void> =>
      page.locator('[data-name="Alice"]').evaluate(
        (place, size) => {
          place.style.width = `${size.width}px`;
          place.style.height = `${size.height}px`;
        },
        { width, height },
      );

    await page.evaluate(() => window.application.show('Alice', 320, 180));
    await expect.poll(async () => (await receivedVideo(page)).frameHeight, poll).toBe(180);
    await resize(1280, 720);
    await expect.poll(async () => (await receivedVideo(page)).frameHeight, poll).toBe(720);
    await resize(640, 360);

    await expect.poll(async () => (await receivedVideo(page)).frameHeight, poll).toBe(360);
  });

  it('that is scrolled away costs no packets, and flows again when it is back', async () => {
    await using stack = new AsyncDisposableStack();
    await aliceWithCamera(stack);
    const page = await bobWhoWatches(stack);
    await page.evaluate(() => window.application.show('Alice', 640, 360));
    await flows(page);

    await page.evaluate(() => {
      document.body.style.paddingTop = '5000px';
    });
    await standsStill(packetsOf(page), 'packets arrive for a picture that nobody sees');
    const stoppedAt = await packetsOf(page)();
    await page.evaluate(() => {
      document.body.style.paddingTop = '0';
    });

    await expect.poll(packetsOf(page), poll).toBeGreaterThan(stoppedAt + 10);
  });

  it('that nobody shows is not encoded, and is again when somebody does', async () => {
    await using stack = new AsyncDisposableStack();
    const sender = await aliceWithCamera(stack);
    const page = await bobWhoWatches(stack);
    await page.evaluate(async () => {
      Object.assign(window, { renderer: await window.application.show('Alice', 1280, 720) });
    });
    await flows(page);
    const framesEncoded = async (): Promise<number> =>
      (await sentEncodings(sender)).reduce((sum, encoding) => sum + encoding.framesEncoded, 0);

    await page.evaluate(() => (window as unknown as { renderer: { dispose(): void } }).renderer.dispose());
    await expect
      .poll(async () => (await sentEncodings(sender)).map(({ active }) => active), poll)
      .toEqual([false, false, false]);
    await standsStill(framesEncoded, 'frames are encoded that nobody sees');
    await page.evaluate(() => window.application.show('Alice', 320, 180));
    await flows(page);

    // Only as much as is shown.
    await expect
      .poll(async () => (await sentEncodings(sender)).map(({ active }) => active), poll)
      .toEqual([true, false, false]);
  });
});

describe('an empty room', () => {
  it('opens the receive transport all the same', async () => {
    await using stack = new AsyncDisposableStack();
    const { page } = stack.use(
      await openCallPage({
        platform,
        browser: browsers.bob,
        token: await userToken(platform, 'bob'),
        options: { audioOptions: { muted: true } },
      }),
    );

    await expect
      .poll(
        () =>
          page.evaluate(() =>
            window.probes.peerConnections.flatMap(({ connectionState, sctp }) =>
              sctp === null ? [] : [[connectionState, sctp.transport.state]],
            ),
          ),
        poll,
      )
      .toEqual([['connected', 'connected']]);
    expect(await page.evaluate(() => window.application.call.remoteParticipants.length)).toBe(0);
  });
});

describe('a data message', () => {
  it.each(['ordered', 'lossy'] as const)(
    'that is %s arrives at everyone else with its sender',
    async (channel) => {
      await using stack = new AsyncDisposableStack();
      const sender = await aliceWithCamera(stack);
      const page = await bobWhoWatches(stack);
      // Bob's channel may still be on its way up; what is lossy is not sent again for him.
      await expect
        .poll(async () => {
          await sender.evaluate(
            async (kind) =>
              window.application.call.sendData(new TextEncoder().encode('hello'), { channel: kind }),
            channel,
          );

          return page.evaluate(() => window.application.received[0]);
        }, poll)
        .toEqual({
          participantId: await page.evaluate(() => window.application.person('Alice')?.endpointId),
          text: 'hello',
          channel,
        });

      expect(await sender.evaluate(() => window.application.received)).toEqual([]);
    },
  );
});

describe('a call with more people than are all heard', () => {
  it('brings the voice of somebody new in a slot, of whoever it is', { timeout: 120_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    await changeCallSettings(platform, { everyoneHeardUpTo: 2, loudestHeard: 1 });
    const ofCarol = await openBrowser(carol, platform.folder);
    stack.defer(() => ofCarol.close());
    const join = async (browser: Browser, name: string): Promise<Page> => {
      const { page } = stack.use(
        await openCallPage({
          platform,
          browser,
          token: await guestToken(platform, name),
          options: { audioOptions: { muted: true } },
        }),
      );

      return page;
    };
    const listener = await join(browsers.alice, 'Listener');
    const speakers = [
      ['Bob', bob.pitch, await join(browsers.bob, 'Bob')],
      ['Carol', carol.pitch, await join(ofCarol, 'Carol')],
    ] as const;
    await join(browsers.alice, 'Fourth');
    await listener.waitForFunction(() => window.application.call.remoteParticipants.length === 3);

    for (const [name, pitch, page] of speakers) {
      await page.evaluate(() => window.application.call.unmute());
      await listener.waitForFunction(
        (who) => window.application.person(who)?.audioStreams.length === 1,
        name,
      );
      await listener.evaluate((who) => {
        const stream = window.application.person(who)?.audioStreams[0]?.mediaStream;
        if (stream !== undefined) {
          window.probes.streams.set(who, stream);
        }
      }, name);
      await expect.poll(async () => Math.abs((await pitchOf(listener, name)) - pitch), poll).toBeLessThan(20);
      await page.evaluate(() => window.application.call.mute());
    }

    // One consumer a slot, not one a person: the loudest, and the one who holds the floor.
    expect(await listener.evaluate(() => document.querySelectorAll('audio').length)).toBe(2);
  });
});
