import { Relay } from '@parley/test-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { knowsCameraOf, listenTo } from './support/callPage.ts';
import { chronicleOf, framesGoOn, watch } from './support/chronicle.ts';
import { missingForFirefox } from './support/firefox.ts';
import { createFirefoxWorld, type FirefoxWorld, type Pages } from './support/firefoxWorld.ts';
import { alice, bob, carol, dave, type Person } from './support/people.ts';
import { hears, hearsNothingOf, sees, seesColoursChange } from './support/perceive.ts';
import type { Tab } from './support/Tab.ts';
import { untried } from './support/untried.ts';

const camera = { videoOptions: { camera: true } };
const withoutCamera = {};
const missing = missingForFirefox();

/** Each of both with the other one's page. */
const sidesOf = (pages: Pages) => [
  { person: alice, own: pages.alice, other: pages.bob },
  { person: bob, own: pages.bob, other: pages.alice },
];

const watchEachOther = (pages: Pages): Promise<unknown> =>
  Promise.all(sidesOf(pages).map(({ person, other }) => watch(other, person.name)));

describe.skipIf(missing !== undefined)('Firefox and Chromium in one call', untried(missing), () => {
  let world: FirefoxWorld;

  beforeAll(async () => {
    world = await createFirefoxWorld();
  });

  afterAll(() => world[Symbol.asyncDispose]());

  it('see each other move, and hear each other', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.meet(stack, camera);

    await watchEachOther(pages);

    await sees(pages.bob, alice);
    await seesColoursChange(pages.alice, bob.name);
    for (const { person, other } of sidesOf(pages)) {
      await listenTo(other, person.name);
      await hears(other, person);
    }
  });

  it('see and hear it when the other one mutes and unmutes', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.meet(stack, withoutCamera);
    for (const { person, own, other } of sidesOf(pages)) {
      await listenTo(other, person.name);
      await hears(other, person);

      await own.evaluate(() => window.application.call.mute());
      await isMutedIs(other, person, true);
      await hearsNothingOf(other, person);

      await own.evaluate(() => window.application.call.unmute());
      await isMutedIs(other, person, false);
      await hears(other, person);
    }
  });

  it('see it when the other one stops and starts the camera', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.meet(stack, camera);
    for (const {
      person: { name },
      own,
      other,
    } of sidesOf(pages)) {
      await watch(other, name);

      await own.evaluate(() => window.application.call.stopVideo());
      await other.waitForFunction((who) => window.application.person(who)?.videoStreams.length === 0, name);
      await other.evaluate(() => document.body.replaceChildren());

      await own.evaluate(() => window.application.call.startVideo());
      await watch(other, name);
    }
    await sees(pages.bob, alice);
  });

  it('see what the other one draws, as a camera and as a screen', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.meet(stack, withoutCamera);
    for (const { person, own, other } of sidesOf(pages)) {
      await draw(own, carol.colour);
      await own.evaluate(() => window.application.call.startVideo(window.drawing));
      await knowsCameraOf(other, person.name);
      await other.evaluate((who) => void window.application.show(who, 640, 360), person.name);
      await sees(other, carol, person.name);

      await draw(own, dave.colour);
      await own.evaluate(() => window.application.call.startScreenSharing(window.drawing));
      await sharesScreens(other, person, 1);
      await other.evaluate((who) => {
        const place = document.body.appendChild(document.createElement('div'));
        place.dataset['name'] = `screen of ${who}`;
        place.style.cssText = 'width:640px;height:360px';
        void window.application.person(who)?.screenSharingStreams[0]?.render(place);
      }, person.name);
      await sees(other, dave, `screen of ${person.name}`);

      await own.evaluate(() => window.application.call.stopScreenSharing());
      await sharesScreens(other, person, 0);
    }
  });

  it('see each other on hold, and again afterwards', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.meet(stack, camera);
    await watchEachOther(pages);

    for (const { person, own, other } of sidesOf(pages)) {
      await listenTo(other, person.name);
      await own.evaluate(() => window.application.call.hold());
      expect(await own.evaluate(() => window.application.call.state)).toBe('LocalHold');
      await isInState(other, person, 'OnHold');

      await own.evaluate(() => window.application.call.resume());
      await isInState(other, person, 'Connected');
      await Promise.all([framesGoOn(own), framesGoOn(other)]);
      await hears(other, person);
    }
  });

  it('get the messages of each other, over both channels', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.meet(stack, withoutCamera);
    for (const { own, other } of sidesOf(pages)) {
      for (const channel of ['ordered', 'lossy'] as const) {
        // The first may be sent before the way from the server is open, and what is lossy is lost then.
        await expect
          .poll(
            async () => {
              await own.evaluate(
                (name) =>
                  window.application.call.sendData(new TextEncoder().encode(`over ${name}`), {
                    channel: name,
                  }),
                channel,
              );

              return other.evaluate(() =>
                window.application.received.map((message) => `${message.text} (${message.channel})`),
              );
            },
            { timeout: 20_000, interval: 250 },
          )
          .toContain(`over ${channel} (${channel})`);
      }
    }
  });

  it('go on when the socket of Firefox is cut, and nobody comes or goes', async () => {
    await using stack = new AsyncDisposableStack();
    const relay = await Relay.to(world.platform.url);
    stack.defer(() => relay.cut());
    const pages = await world.meet(stack, camera, relay.url);
    await watchEachOther(pages);

    await relay.cut();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Reconnecting');
    await isInState(pages.alice, bob, 'Reconnecting');
    await Promise.all([framesGoOn(pages.alice), framesGoOn(pages.bob)]);
    await relay.join();
    await pages.bob.waitForFunction(() => window.application.call.state === 'Connected');
    await isInState(pages.alice, bob, 'Connected');

    expect(await chronicleOf(pages.bob)).toEqual({
      states: ['Reconnecting', 'Connected'],
      comings: [],
      others: [],
    });
    expect(await chronicleOf(pages.alice)).toMatchObject({ states: [], comings: [] });
  });

  it('leave with nothing left behind', async () => {
    await using stack = new AsyncDisposableStack();
    const pages = await world.meet(stack, camera);

    expect(await leave(pages.bob)).toEqual({ state: 'Disconnected', reason: 'hangup', connections: 0 });
    await pages.alice.waitForFunction(() => window.application.call.remoteParticipants.length === 0);
  });
});

declare global {
  interface Window {
    /** What `draw` has made. */
    drawing: MediaStream;
  }
}

async function isMutedIs(page: Tab, { name }: Person, isMuted: boolean): Promise<void> {
  await page.waitForFunction(([who, wanted]) => window.application.person(who)?.isMuted === wanted, [
    name,
    isMuted,
  ] as const);
}

async function isInState(page: Tab, { name }: Person, state: string): Promise<void> {
  await page.waitForFunction(([who, wanted]) => window.application.person(who)?.state === wanted, [
    name,
    state,
  ] as const);
}

async function sharesScreens(page: Tab, { name }: Person, count: number): Promise<void> {
  await page.waitForFunction(
    ([who, wanted]) => window.application.person(who)?.screenSharingStreams.length === wanted,
    [name, count] as const,
  );
}

/** Leaves on the page's window a stream of one colour, which is drawn again and again. */
async function draw(page: Tab, colour: Person['colour']): Promise<void> {
  await page.evaluate((wanted) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 360];
    const context = canvas.getContext('2d');
    const fill = (): void => {
      if (context !== null) {
        context.fillStyle = `rgb(${wanted.join(' ')})`;
        context.fillRect(0, 0, 640, 360);
      }
    };
    fill();
    setInterval(fill, 50);
    window.drawing = canvas.captureStream(20);
  }, colour);
}

const leave = (page: Tab) =>
  page.evaluate(async () => {
    const { call } = window.application;
    await call.hangUp();
    const open = window.probes.peerConnections.filter(({ signalingState }) => signalingState !== 'closed');

    return { state: call.state, reason: call.callEndReason?.name, connections: open.length };
  });
