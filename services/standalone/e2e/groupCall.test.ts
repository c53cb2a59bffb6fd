import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openPage } from './support/browsers.ts';
import { changeCallSettings, operatorKey } from './support/callSettings.ts';
import {
  endReason,
  joinAsGuest,
  screenshot,
  seesCameraOf,
  signIn,
  startCamera,
  tileOf,
} from './support/meeting.ts';
import { alice, bob, carol, dave, type Person } from './support/people.ts';
import { startTestPlatform, type TestPlatform } from './support/platform.ts';

const people = [alice, bob, carol, dave] as const;
let platform: TestPlatform;
let browsers: Map<Person, Browser>;

beforeAll(async () => {
  platform = await startTestPlatform({ PARLEY_OPERATOR_KEY: operatorKey });
  browsers = new Map(
    await Promise.all(
      people.map(async (person) => [person, await openBrowser(person, platform.folder)] as const),
    ),
  );
});

afterAll(async () => {
  await Promise.all([...browsers.values()].map((browser) => browser.close()));
  await platform[Symbol.asyncDispose]();
});

async function pageOf(person: Person, path = '/'): Promise<Page> {
  const browser = browsers.get(person);
  if (browser === undefined) {
    throw new Error(`${person.name} has no browser.`);
  }

  return openPage(browser, new URL(path, platform.url).href);
}

describe('a room', () => {
  it('shows each of four people the three others, and lets a guest link make two guests two participants', async () => {
    const pages = new Map<Person, Page>();
    for (const person of [alice, bob]) {
      const page = await pageOf(person);
      await signIn(page, person);
      await page.getByRole('button', { name: 'Join demo room' }).click();
      await startCamera(page);
      pages.set(person, page);
    }
    for (const person of [carol, dave]) {
      const page = await pageOf(person, platform.demo.room.guestLink);
      if (person === carol) {
        await page.getByRole('textbox', { name: 'Your name' }).waitFor();
        await screenshot(page, 'guest');
      }
      await joinAsGuest(page, person.name);
      await startCamera(page);
      pages.set(person, page);
    }

    for (const [person, page] of pages) {
      for (const other of people.filter((candidate) => candidate !== person)) {
        await seesCameraOf(page, other);
      }
      expect(await page.locator('[data-testid="tile"][data-kind="camera"]').count()).toBe(3);
    }
    const [page] = pages.values();
    if (page !== undefined) {
      await screenshot(page, 'room-of-four');
      await page.setViewportSize({ width: 390, height: 844 });
      await seesCameraOf(page, dave);
      await screenshot(page, 'room-of-four-phone');
    }

    await pages.get(dave)?.getByRole('button', { name: 'Leave call' }).click();
    for (const person of [alice, bob, carol]) {
      await pages.get(person)?.locator(tileOf('Dave')).waitFor({ state: 'detached' });
    }
    await Promise.all([...pages.values()].map((open) => open.context().close()));
  });

  it('that does not exist is said to be not found', async () => {
    const page = await pageOf(alice);
    await signIn(page, alice);

    await page.getByRole('textbox', { name: 'Room id' }).fill('no-such-room');
    await page.getByRole('button', { name: 'Join room', exact: true }).click();

    expect(await endReason(page)).toBe('not_found');
    await page.context().close();
  });
});

describe('a person in a call', () => {
  it('is rung all the same, or is busy where the application says so', async () => {
    const [alicePage, bobPage] = [await pageOf(alice), await pageOf(bob)];
    await signIn(alicePage, alice);
    await signIn(bobPage, bob);
    await bobPage.getByRole('button', { name: 'Join demo room' }).click();
    await bobPage.locator('[data-testid="tile"][data-kind="self"]').waitFor();

    await alicePage.getByRole('button', { name: 'Call Bob' }).click();
    await bobPage.getByRole('button', { name: 'Decline' }).click();
    expect(await endReason(alicePage)).toBe('declined');
    await bobPage.getByRole('button', { name: 'Leave call' }).waitFor();

    await changeCallSettings(platform, { whenBusy: 'refuse' });
    await alicePage.getByRole('button', { name: 'Dismiss' }).click();
    await alicePage.getByRole('button', { name: 'Call Bob' }).click();
    expect(await endReason(alicePage)).toBe('busy');
    await Promise.all([alicePage.context().close(), bobPage.context().close()]);
  });
});
