import { networkInterfaces } from 'node:os';
import { findFirefox } from '@parley/setup';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { serveForeignPage } from './foreignPage.ts';
import type { Person } from './people.ts';
import { installProbes } from './probes.ts';
import type { Tab } from './Tab.ts';

/**
 * An address of this machine that is not loopback, which a media server must have for Firefox: it gathers no candidates of
 * loopback, and pairs those of other interfaces with none.
 */
export function networkAddress(): string | undefined {
  return Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
}

/** What this machine lacks to try Firefox, as a sentence without its full stop. */
export function missingForFirefox(): string | undefined {
  if (findFirefox() === undefined) {
    return 'tests of Firefox need one: as root npm run setup installs firefox-esr, else name one with PARLEY_FIREFOX';
  }

  return networkAddress() === undefined
    ? 'tests of Firefox need an IPv4 address besides loopback, over which it takes up no media'
    : undefined;
}

/** A browser of its own, with the person's tone as microphone. Its camera shows one colour, which changes all the time. */
export async function openFirefox(person: Person): Promise<Browser> {
  const executablePath = findFirefox();
  if (executablePath === undefined) {
    throw new Error('There is no Firefox.');
  }

  return launch({
    browser: 'firefox',
    executablePath,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.navigator.audio.fake_frequency': person.pitch,
      // Where there is nothing to play sound on, an AudioContext never runs, and the probes have nothing to listen with.
      'media.cubeb.force_mock_context': true,
      // Sound without a touch of the page, as Chromium is told with --autoplay-policy.
      'media.autoplay.default': 0,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
    },
  });
}

export interface FirefoxPage extends AsyncDisposable {
  readonly page: Tab;
  /** Uncaught errors and error lines of its console. */
  readonly complaints: readonly string[];
}

/**
 * A page of an origin of its own in Firefox, the probes installed before any script of it.
 *
 * @param answers As `serveForeignPage` takes them.
 */
export async function openInFirefox(
  firefox: Browser,
  html: string,
  answers: Readonly<Record<string, string>> = {},
): Promise<FirefoxPage> {
  const foreign = await serveForeignPage(html, answers);
  const page = await firefox.newPage();
  await page.evaluateOnNewDocument(installProbes);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') {
      complaints.push(message.text());
    }
  });
  await page.goto(foreign.url);

  return {
    page: tabOf(page),
    complaints,
    async [Symbol.asyncDispose]() {
      await page.close();
      await foreign[Symbol.asyncDispose]();
    },
  };
}

/** The two drivers differ in the order of the arguments, and in types that say the same. */
function tabOf(page: Page): Tab {
  type Task = (argument: unknown) => unknown;
  const tab = {
    evaluate: (task: Task, argument?: unknown) => page.evaluate(task, argument),
    waitForFunction: (task: Task, argument?: unknown, options?: { timeout?: number }) =>
      page.waitForFunction(task, { polling: 100, ...options }, argument),
  };

  return tab as unknown as Tab;
}
