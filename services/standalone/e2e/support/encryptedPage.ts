import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallClient, Call, RemoteParticipant, RemoteVideoRenderer, VideoCodec } from '@parley/calling';
import type { Encryption, EncryptionOptions, ParticipantEncryption } from '@parley/calling/e2ee';
import type { Browser, Page } from 'playwright-core';
import { openPage } from './browsers.ts';
import { shownPeople } from './callPage.ts';
import { serveForeignPage } from './foreignPage.ts';
import { checkout, type TestPlatform } from './platform.ts';

/** What the page leaves on its window for the test to work with. */
interface EncryptedApplication {
  readonly client: CallClient;
  readonly call: Call;
  /** Undefined in a page without. */
  readonly encryption: Encryption | undefined;
  /** Every change that was told. */
  readonly changes: ParticipantEncryption[];
  show(displayName: string, width: number, height: number): Promise<RemoteVideoRenderer>;
  person(displayName: string): RemoteParticipant | undefined;
}

declare global {
  interface Window {
    encrypted: EncryptedApplication;
  }
}

/** The SDK with its part for encryption, as an application serves it from its own origin: a worker has to be of that. */
export async function serveEncryption(): Promise<Record<string, string>> {
  const names = ['parley-calling.js', 'parley-calling-e2ee.js', 'parley-calling-encryption.worker.js'];
  const files = names.map(async (name) => {
    const text = await readFile(join(checkout, 'packages/calling/dist', name), 'utf8');

    return [`/${name}`, text] as const;
  });

  return Object.fromEntries(await Promise.all(files));
}

interface EncryptedApplicationOptions {
  token: string;
  /** The bytes of everybody's key, `undefined` for a page without encryption. */
  key: readonly number[] | undefined;
  encryption?: EncryptionOptions;
  /** What the camera is sent in. */
  codec?: VideoCodec;
  /** Runs in the page before anything else. */
  prepare?: string;
}

interface EncryptedPageOptions extends EncryptedApplicationOptions {
  platform: TestPlatform;
  browser: Browser;
}

/** An application that enters the room with its camera on; beside it is what `serveEncryption` answers. */
export const encryptedApplication = (
  roomId: string,
  { token, key, encryption, codec, prepare }: EncryptedApplicationOptions,
): string => `<!doctype html>
<title>Application</title>
<style>body { margin: 0 }</style>
<script>${prepare ?? ''}</script>
<script type="module">
  import { CallClientFactory } from '/parley-calling.js';
  import { createEncryption } from '/parley-calling-e2ee.js';
  const client = await CallClientFactory.create(${JSON.stringify(token)});
  const key = ${JSON.stringify(key ?? null)};
  const options = { videoOptions: { camera: true, codec: ${JSON.stringify(codec)} } };
  const changes = [];
  let encryption;
  if (key !== null) {
    encryption = createEncryption(${JSON.stringify(encryption ?? {})});
    encryption.on('encryptionStateChanged', (change) => changes.push(change));
    await encryption.setKey(Uint8Array.from(key));
    options.encryption = encryption;
  }
  const call = client.join({ roomId: ${JSON.stringify(roomId)} }, options);
  const listen = (participant, streams) =>
    streams.forEach(({ mediaStream }) => probes.streams.set(participant.displayName, mediaStream));
  call.on('remoteParticipantsUpdated', ({ added }) => {
    for (const participant of added) {
      listen(participant, participant.audioStreams);
      participant.on('audioStreamsUpdated', ({ added }) => listen(participant, added));
    }
  });
  ${shownPeople}
  window.encrypted = { client, call, encryption, changes, person, show };
</script>`;

export interface EncryptedPage extends AsyncDisposable {
  readonly page: Page;
}

/** A page of somebody in the demo room with their camera on. */
export async function openEncryptedPage(options: EncryptedPageOptions): Promise<EncryptedPage> {
  const { platform, browser } = options;
  const html = encryptedApplication(platform.demo.room.id, options);
  const foreign = await serveForeignPage(html, await serveEncryption());
  const page = await openPage(browser, foreign.url);
  await page.waitForFunction(() => window.encrypted?.call.state === 'Connected');

  return {
    page,
    async [Symbol.asyncDispose]() {
      // Somebody whose page just goes away keeps their place for a while.
      await page.evaluate(() => window.encrypted.client.dispose());
      await page.context().close();
      await foreign[Symbol.asyncDispose]();
    },
  };
}
