import type { Call, CallClient, CallOptions, RemoteParticipant, RemoteVideoRenderer } from '@parley/calling';
import type * as diagnostics from '@parley/calling/diagnostics';
import type * as precall from '@parley/calling/precall';
import type * as stats from '@parley/calling/stats';
import type { Browser, Page } from 'playwright-core';
import { openPage } from './browsers.ts';
import { serveForeignPage } from './foreignPage.ts';
import type { TestPlatform } from './platform.ts';
import type { Tab } from './Tab.ts';

/** The parts of the SDK beside its core. */
interface Parts {
  stats: typeof stats;
  diagnostics: typeof diagnostics;
  precall: typeof precall;
}

/** What an application's page leaves on its window for the test to work with. */
interface Application {
  readonly client: CallClient;
  readonly call: Call;
  /** Shows the first picture of somebody in a place of this size, CSS pixels, and resolves with the first frame. */
  show(displayName: string, width: number, height: number): Promise<RemoteVideoRenderer>;
  person(displayName: string): RemoteParticipant | undefined;
  /** Imports a part of the SDK that not every page loads. */
  load<Name extends keyof Parts>(name: Name): Promise<Parts[Name]>;
  /** Texts that arrived, with the `endpointId` of who sent them. */
  readonly received: { participantId: string; text: string; channel: string }[];
}

declare global {
  interface Window {
    application: Application;
  }
}

interface ApplicationOptions {
  sdkUrl: string;
  token: string;
  roomId: string;
  options: CallOptions;
  /** Where the page finds the server, when not where its token says. */
  endpoint?: string;
  iceTransportPolicy?: RTCIceTransportPolicy;
}

/** Script of a page with a `call`: finds somebody, and shows their first picture. */
export const shownPeople = `
  const person = (name) => call.remoteParticipants.find(({ displayName }) => displayName === name);
  const show = async (name, width, height) => {
    const place = document.body.appendChild(document.createElement('div'));
    place.dataset.name = name;
    place.style.cssText = 'width:' + width + 'px;height:' + height + 'px';
    return person(name).videoStreams[0].render(place);
  };`;

/** The smallest application: it enters the room, and shows nobody before the test says so. */
export const applicationPage = ({
  sdkUrl,
  token,
  roomId,
  options,
  endpoint,
  iceTransportPolicy = 'all',
}: ApplicationOptions): string => `<!doctype html>
<title>Application</title>
<style>body { margin: 0 }</style>
<script type="module">
  import { CallClientFactory } from ${JSON.stringify(sdkUrl)};
  const client = await CallClientFactory.create(${JSON.stringify(token)}, {
    endpoint: ${JSON.stringify(endpoint)},
    iceTransportPolicy: ${JSON.stringify(iceTransportPolicy)},
  });
  const call = client.join({ roomId: ${JSON.stringify(roomId)} }, ${JSON.stringify(options)});
  const received = [];
  call.on('dataReceived', ({ participantId, payload, channel }) =>
    received.push({ participantId, text: new TextDecoder().decode(payload), channel }),
  );
  ${shownPeople}
  const load = (name) => import(${JSON.stringify(sdkUrl)}.slice(0, -3) + '-' + name + '.js');
  window.application = { client, call, show, person, load, received };
</script>`;

interface CallPageOptions {
  platform: TestPlatform;
  browser: Browser;
  token: string;
  options?: CallOptions;
  /** Where the page finds the server, when not where its token says. */
  endpoint?: string;
  iceTransportPolicy?: RTCIceTransportPolicy;
}

export interface CallPage extends AsyncDisposable {
  readonly page: Page;
}

/** A page of somebody in the demo room. */
export async function openCallPage({
  platform,
  browser,
  token,
  options = {},
  endpoint,
  iceTransportPolicy,
}: CallPageOptions): Promise<CallPage> {
  const foreign = await serveForeignPage(
    applicationPage({
      sdkUrl: `${platform.url}/sdk/parley-calling.js`,
      token,
      roomId: platform.demo.room.id,
      options,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(iceTransportPolicy === undefined ? {} : { iceTransportPolicy }),
    }),
  );
  const page = await openPage(browser, foreign.url);
  await page.waitForFunction(() => window.application?.call.state === 'Connected');

  return {
    page,
    async [Symbol.asyncDispose]() {
      // Somebody whose page just goes away keeps their place for a while.
      await page.evaluate(() => window.application.client.dispose());
      await page.context().close();
      await foreign[Symbol.asyncDispose]();
    },
  };
}

/** Waits until the page knows of a camera of that person. */
export async function knowsCameraOf(page: Tab, displayName: string): Promise<void> {
  await page.waitForFunction(
    (name) => (window.application.person(name)?.videoStreams.length ?? 0) > 0,
    displayName,
  );
}

/** Waits until that person is heard, and keeps their sound for the probes, under their name. */
export async function listenTo(page: Tab, displayName: string): Promise<void> {
  await page.waitForFunction((name) => {
    const [stream] = window.application.person(name)?.audioStreams ?? [];
    if (stream !== undefined) {
      window.probes.streams.set(name, stream.mediaStream);
    }

    return stream !== undefined;
  }, displayName);
}
