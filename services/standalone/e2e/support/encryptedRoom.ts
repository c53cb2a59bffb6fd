import type { VideoCodec } from '@parley/calling';
import type { SetKeyOptions } from '@parley/calling/e2ee';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openBrowser } from './browsers.ts';
import { operatorKey } from './callSettings.ts';
import { openEncryptedPage } from './encryptedPage.ts';
import { alice, bob, carol, type Person } from './people.ts';
import { startTestPlatform, type TestPlatform } from './platform.ts';
import { colourOf, isColourOf, pitchOf, received } from './probes.ts';
import { guestToken, userToken } from './tokens.ts';

export const poll = { timeout: 20_000, interval: 250 } as const;
/** Everybody's, unless a test says otherwise. */
export const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7);

interface Entering {
  /** Undefined without encryption. */
  key: Uint8Array | undefined;
  /** `large` has a camera of 720 lines. */
  browser?: string;
  prepare?: string;
  codec?: VideoCodec;
}

export interface EncryptedRoom extends AsyncDisposable {
  readonly platform: TestPlatform;
  /** Somebody in the demo room with their camera on. */
  enter(stack: AsyncDisposableStack, person: Person, entering?: Entering): Promise<Page>;
}

/** The platform, and browsers of everybody who may enter its demo room. */
export async function openEncryptedRoom(): Promise<EncryptedRoom> {
  const opened = new AsyncDisposableStack();
  const platform = opened.use(await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey }));
  const browsers = new Map<string, Browser>();
  const people: [string, Person, 'person' | 'pattern'][] = [
    ['Alice', alice, 'person'],
    ['Bob', bob, 'person'],
    ['Carol', carol, 'person'],
    ['large', alice, 'pattern'],
  ];
  for (const [name, person, camera] of people) {
    const browser = await openBrowser(person, platform.folder, { camera });
    browsers.set(name, browser);
    opened.defer(() => browser.close());
  }

  return {
    platform,
    async enter(stack, { name }, entering = { key }) {
      const { browser: browserName = name, prepare = '', key: given, ...codec } = entering;
      const browser = browsers.get(browserName);
      if (browser === undefined) {
        throw new Error(`${name} has no browser.`);
      }
      const token = await (name === 'Carol'
        ? guestToken(platform, name)
        : userToken(platform, name.toLowerCase()));
      const bytes = given && [...given];
      const { page } = stack.use(
        await openEncryptedPage({ platform, browser, token, key: bytes, prepare, ...codec }),
      );

      return page;
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Asks for the picture of somebody, which may never come. */
export async function show(page: Page, { name }: Person, width = 640, height = 360): Promise<void> {
  await page.waitForFunction((who) => (window.encrypted.person(who)?.videoStreams.length ?? 0) > 0, name);
  await page.evaluate(([who, ...size]) => void window.encrypted.show(who, ...size).catch(() => {}), [
    name,
    width,
    height,
  ] as const);
}

export async function sees(page: Page, other: Person): Promise<void> {
  await expect
    .poll(async () => isColourOf(await colourOf(page, `[data-name="${other.name}"] video`), other), poll)
    .toBe(true);
}

export async function hears(page: Page, other: Person): Promise<void> {
  await expect
    .poll(async () => Math.abs((await pitchOf(page, other.name)) - other.pitch), poll)
    .toBeLessThan(20);
}

export const setKey = (page: Page, bytes: Uint8Array, options: SetKeyOptions = {}): Promise<void> =>
  page.evaluate(async ([given, to]) => window.encrypted.encryption?.setKey(Uint8Array.from(given), to), [
    [...bytes],
    options,
  ] as const);

export const stateOf = (page: Page, { name }: Person): Promise<string | undefined> =>
  page.evaluate((who) => {
    const application = window.encrypted;

    return application.encryption?.stateOf(application.person(who)?.endpointId ?? '');
  }, name);

export const endpointIdOf = async (page: Page, { name }: Person): Promise<string> => {
  const found = await page.waitForFunction((who) => window.encrypted.person(who)?.endpointId, name);

  return String(await found.jsonValue());
};

export const framesDecoded = async (page: Page): Promise<number> =>
  (await received(page)).framesDecoded.reduce((sum, frames) => sum + frames, 0);
