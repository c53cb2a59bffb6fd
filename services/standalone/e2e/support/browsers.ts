import { join } from 'node:path';
import process from 'node:process';
import { locateChromium } from '@parley/setup';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { writeMediaFiles } from './fakeMedia.ts';
import type { Person } from './people.ts';
import { installProbes } from './probes.ts';
import type { SoundServer } from './SoundServer.ts';

const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

export interface BrowserOptions {
  /** Answers the permission prompt by itself; off, the person denies. */
  grantMedia?: boolean;
  /** The person's own picture is 640×360; the browser's test pattern is as large as it is asked for. */
  camera?: 'person' | 'pattern';
  /** Runs the browser; by default the one that was found. */
  executable?: string;
  flags?: readonly string[];
  /** Gives the browser the devices of this sound server, and no camera, in place of the person's own. */
  sound?: SoundServer;
}

/** A browser of its own with the person's picture and tone as camera and microphone. */
export async function openBrowser(
  person: Person,
  folder: string,
  { grantMedia = true, camera = 'person', executable, flags = [], sound }: BrowserOptions = {},
): Promise<Browser> {
  const devices = sound === undefined ? await fakeDevices(person, folder, camera) : [];

  return chromium.launch({
    executablePath: executable ?? (await locateChromium()),
    args: [
      ...quietFlags,
      ...flags,
      grantMedia ? '--use-fake-ui-for-media-stream' : '--deny-permission-prompts',
      ...devices,
    ],
    ...(sound === undefined ? {} : { env: { ...process.env, ...sound.environment } }),
  });
}

async function fakeDevices(
  person: Person,
  folder: string,
  camera: 'person' | 'pattern',
): Promise<readonly string[]> {
  const files = await writeMediaFiles(person, join(folder, 'media'));

  return [
    '--use-fake-device-for-media-stream',
    ...(camera === 'person' ? [`--use-file-for-fake-video-capture=${files.video}`] : []),
    `--use-file-for-fake-audio-capture=${files.audio}`,
  ];
}

/** What each page complained of: uncaught errors and error lines of its console, refusals of its policy among them. */
const complaints = new WeakMap<Page, string[]>();

export const complaintsOf = (page: Page): readonly string[] => complaints.get(page) ?? [];

/**
 * A fresh context with one page at `url`, the probes installed before any script of the page.
 *
 * @param html What is there, whatever the server of that origin would say.
 */
export async function openPage(browser: Browser, url: string, html?: string): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(installProbes);
  if (html !== undefined) {
    await context.route(url, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  }
  const page = await context.newPage();
  const heard: string[] = [];
  complaints.set(page, heard);
  page.on('pageerror', (error) => heard.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      heard.push(message.text());
    }
  });
  await page.goto(url);

  return page;
}
