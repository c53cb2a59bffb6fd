import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openPage } from './support/browsers.ts';
import { serveForeignPage } from './support/foreignPage.ts';
import { alice, bob, carol, type Person } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';
import { colourOf, isColourOf, pitchOf } from './support/probes.ts';
import { guestToken, userToken } from './support/tokens.ts';

const people = [alice, bob, carol] as const;
let platform: TestPlatform;
const opened = new AsyncDisposableStack();
const pages = new Map<Person, Page>();

/** An application of 20 lines: a labelled place for each participant, with picture and sound. */
const application = (sdkUrl: string, token: string, roomId: string): string => `<!doctype html>
<title>Application</title>
<style>div { width: 320px; height: 180px }</style>
<script type="module">
  import { CallClientFactory } from ${JSON.stringify(sdkUrl)};
  const client = await CallClientFactory.create(${JSON.stringify(token)});
  const call = client.join({ roomId: ${JSON.stringify(roomId)} }, { videoOptions: { camera: true } });
  const listen = (name, streams) => streams.forEach(({ mediaStream }) => probes.streams.set(name, mediaStream));
  call.on('remoteParticipantsUpdated', ({ added }) => {
    for (const participant of added) {
      const place = document.body.appendChild(document.createElement('div'));
      place.dataset.name = participant.displayName;
      const show = (streams) => streams.forEach((stream) => stream.render(place));
      show(participant.videoStreams);
      listen(participant.displayName, participant.audioStreams);
      participant.on('videoStreamsUpdated', ({ added }) => show(added));
      participant.on('audioStreamsUpdated', ({ added }) => listen(participant.displayName, added));
    }
  });
  window.call = call;
</script>`;

beforeAll(async () => {
  platform = await startTestPlatform();
  opened.use(platform);
  const tokens = [
    await userToken(platform, 'alice'),
    await userToken(platform, 'bob'),
    await guestToken(platform, 'Carol'),
  ];
  const browsers: Browser[] = await Promise.all(people.map((person) => openBrowser(person, platform.folder)));
  opened.defer(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
  });
  for (const [index, person] of people.entries()) {
    const foreign = await serveForeignPage(
      application(`${platform.url}/sdk/parley-calling.js`, tokens[index] ?? '', platform.demo.room.id),
    );
    opened.use(foreign);
    const browser = browsers[index];
    if (browser !== undefined) {
      pages.set(person, await openPage(browser, foreign.url));
    }
  }
});

afterAll(() => opened.disposeAsync());

describe.for(people.map((person) => [person.name, person] as const))('the page of %s', ([, person]) => {
  const others = people.filter((other) => other !== person);

  it.for(others.map((other) => [other.name, other] as const))(
    'shows the colour and carries the pitch of %s at the place with that name',
    async ([name, other]) => {
      const page = pages.get(person);
      if (page === undefined) {
        throw new Error(`${person.name} has no page.`);
      }

      await expect
        .poll(async () => isColourOf(await colourOf(page, `[data-name="${name}"] video`), other), {
          timeout: 20_000,
        })
        .toBe(true);
      await expect
        .poll(async () => Math.abs((await pitchOf(page, name)) - other.pitch), { timeout: 20_000 })
        .toBeLessThan(20);
    },
  );
});
