import type { Call, CallClient } from '@parley/calling';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, type BrowserOptions } from './support/browsers.ts';
import { openCallPage } from './support/callPage.ts';
import { framesGoOn, watch } from './support/chronicle.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { alice, bob, carol, type Person } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { userToken } from './support/tokens.ts';

const poll = { timeout: 20_000, interval: 100 } as const;
const camera = { videoOptions: { camera: true } };
const opened = new AsyncDisposableStack();
let platform: TestPlatform;
let lasting: Awaited<ReturnType<typeof lastingPage>>;

beforeAll(async () => {
  platform = opened.use(await startTestPlatform());
  lasting = await lastingPage();
});

afterAll(() => opened.disposeAsync());

async function browserOf(
  stack: AsyncDisposableStack,
  person: Person,
  options?: BrowserOptions,
): Promise<Browser> {
  const browser = await openBrowser(person, platform.folder, options);
  stack.defer(() => browser.close());

  return browser;
}

/** Bob in the demo room, with camera and microphone. */
async function bobInRoom(stack: AsyncDisposableStack): Promise<Page> {
  const browser = await browserOf(stack, bob);
  const token = await userToken(platform, 'bob');

  return stack.use(await openCallPage({ platform, browser, token, options: camera })).page;
}

/** A page of a script of its own. */
async function scriptedPage(
  stack: AsyncDisposableStack,
  context: BrowserContext,
  script: string,
  tokenOf?: () => Promise<string>,
): Promise<Page> {
  const foreign = stack.use(
    await serveForeignPage(`<!doctype html><title>Application</title><body><script type="module">
      import * as Parley from ${JSON.stringify(`${platform.url}/sdk/parley-calling.js`)};
      const roomId = ${JSON.stringify(platform.demo.room.id)};
      ${script}
    </script></body>`),
  );

  const page = await context.newPage();
  if (tokenOf !== undefined) {
    await page.exposeFunction('tokenOf', tokenOf);
  }
  await page.goto(foreign.url);
  // Somebody whose page just goes away keeps their place for a while.
  stack.defer(() => page.evaluate(() => window.left.client.dispose()));

  return page;
}

/** A page that is in the room for longer than its first token lasts, which is as short as can be. */
async function lastingPage(): Promise<{ page: Page; asked: { expiresAtMs: number }[] }> {
  const asked: { expiresAtMs: number }[] = [];
  const browser = await browserOf(opened, carol, { grantMedia: false });
  const page = await scriptedPage(
    opened,
    await browser.newContext(),
    `const credential = new Parley.CommunicationUserCredential(() => window.tokenOf());
    const client = await Parley.CallClientFactory.create(credential);
    const call = client.join({ roomId });
    window.left = { client, call, states: [] };
    call.on('stateChanged', () => window.left.states.push(call.state));`,
    async () => {
      const expiresInSeconds = asked.length === 0 ? 60 : 3_600;
      asked.push({ expiresAtMs: Date.now() + expiresInSeconds * 1_000 });
      const answer = await fetch(`${platform.url}/v1/users/bob/tokens`, {
        method: 'POST',
        headers: { authorization: `Bearer ${platform.demo.secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({ expiresInSeconds }),
      });

      return ((await answer.json()) as { token: string }).token;
    },
  );
  // Whatever keeps it out is to be seen here.
  await page.waitForFunction(() => window.left?.call.state === 'Connected');

  return { page, asked };
}

declare global {
  interface Window {
    /** What the scripts here leave. */
    left: { client: CallClient; call: Call; states: string[] };
  }
}

describe('a page that nobody has touched', () => {
  it('says that its sound is blocked, and is heard from the first click on', async () => {
    await using stack = new AsyncDisposableStack();
    await bobInRoom(stack);
    // A page that captures may always play.
    const browser = await browserOf(stack, alice, {
      grantMedia: false,
      flags: ['--autoplay-policy=document-user-activation-required'],
    });
    const token = await userToken(platform, 'alice');
    const context = await browser.newContext();
    const said = context.waitForEvent('console', (message) => message.text() === 'blocked');
    const page = await scriptedPage(
      stack,
      context,
      `const client = await Parley.CallClientFactory.create(${JSON.stringify(token)});
      client.on('audioPlaybackBlocked', () =>
        console.log(client.isAudioPlaybackBlocked ? 'blocked' : 'not blocked'));
      const call = client.join({ roomId }, { audioOptions: { muted: true } });
      window.left = { client, call, states: [] };`,
    );
    // Not by looking into the page: whoever evaluates something there counts as its person.
    await said;

    await page.mouse.click(10, 10);
    await page.waitForFunction(() => !window.left.client.isAudioPlaybackBlocked);
    const playing = () =>
      page.evaluate(() => [...document.querySelectorAll('audio')].filter(({ paused }) => !paused).length);
    expect(await playing()).toBeGreaterThan(0);
  });
});

describe('a page that empties its body, and puts a picture back', () => {
  it('goes on to hear and to show others', async () => {
    await using stack = new AsyncDisposableStack();
    const page = await bobInRoom(stack);
    const browser = await browserOf(stack, alice);
    const token = await userToken(platform, 'alice');
    stack.use(await openCallPage({ platform, browser, token, options: camera }));
    await watch(page, 'Alice');
    await page.waitForFunction(() => document.querySelector('audio')?.paused === false);

    const pausedBy = await page.evaluate(async () => {
      const place = document.querySelector('[data-name="Alice"]');
      const played = [...document.querySelectorAll('audio, video')] as HTMLMediaElement[];
      const pauses = played.map(
        (element) => new Promise((resolve) => element.addEventListener('pause', resolve, { once: true })),
      );
      Object.assign(window, { played });
      document.body.replaceChildren();
      await Promise.all(pauses);
      document.body.append(...(place === null ? [] : [place]));

      return pauses.length;
    });

    expect(pausedBy).toBeGreaterThan(1);
    await framesGoOn(page);
    await page.waitForFunction(() =>
      (window as unknown as { played: HTMLMediaElement[] }).played.every(({ paused }) => !paused),
    );
  });
});

describe('two tabs of one user', () => {
  it('are two participants, and each leaves for itself', async () => {
    await using stack = new AsyncDisposableStack();
    const watcher = await bobInRoom(stack);
    const browser = await browserOf(stack, alice);
    const token = await userToken(platform, 'alice');
    const tabs = [
      await openCallPage({ platform, browser, token }),
      stack.use(await openCallPage({ platform, browser, token })),
    ] as const;
    const endpointIds = () =>
      watcher.evaluate(() =>
        window.application.call.remoteParticipants
          .filter(({ displayName }) => displayName === 'Alice')
          .map(({ endpointId }) => endpointId),
      );
    await expect.poll(async () => new Set(await endpointIds()).size, poll).toBe(2);
    const stays = await tabs[1].page.evaluate(() => window.application.call.endpointId);

    await tabs[0][Symbol.asyncDispose]();
    await expect.poll(endpointIds, poll).toEqual([stays]);
    expect(await tabs[1].page.evaluate(() => window.application.call.state)).toBe('Connected');
  });
});

describe('a camera that is pulled out', () => {
  it('gives way to another one, of which the application and nobody else is told', async () => {
    await using stack = new AsyncDisposableStack();
    const watcher = await bobInRoom(stack);
    const browser = await browserOf(stack, alice);
    const { page } = stack.use(
      await openCallPage({ platform, browser, token: await userToken(platform, 'alice'), options: camera }),
    );
    await watch(watcher, 'Alice');
    const replaced = await page.evaluate(async () => {
      const { call } = window.application;
      const [stream] = call.localVideoStreams;
      const [track] = stream?.mediaStream?.getVideoTracks() ?? [];
      // A second camera of Chromium's would not do: its pictures begin at time zero again, which the sender drops.
      const canvas = document.createElement('canvas');
      const draw = (): void => {
        canvas.getContext('2d')?.fillRect(0, 0, Math.random() * 300, 150);
        requestAnimationFrame(draw);
      };
      draw();
      navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(30);
      const told = new Promise((resolve) => {
        call.once('mediaDeviceReplaced', ({ device }) => resolve(device));
      });
      track?.stop();
      track?.dispatchEvent(new Event('ended'));
      const device = await told;
      const [next] = call.localVideoStreams[0]?.mediaStream?.getVideoTracks() ?? [];

      return { device, isOther: next !== track, state: next?.readyState };
    });

    expect(replaced).toEqual({ device: 'camera', isOther: true, state: 'live' });
    await framesGoOn(watcher);
    expect(await watcher.evaluate(() => window.chronicle.comings)).toEqual([]);
  });
});

describe('a token that runs out during a call', () => {
  it('is replaced before, and the call goes on as if nothing had been', { timeout: 90_000 }, async () => {
    const { page, asked } = lasting;
    await expect
      .poll(() => Date.now(), { timeout: 80_000 })
      .toBeGreaterThan(asked[0]?.expiresAtMs ?? Infinity);
    // What is begun now needs a token that has not run out.
    await page.evaluate(() => window.left.call.raiseHand());

    expect(asked).toHaveLength(2);
    expect(await page.evaluate(() => window.left.states)).toEqual(['Connecting', 'Connected']);
  });
});
