import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { checkout } from './platform.ts';
import type { Person } from './people.ts';
import { colourOf, isColourOf, received } from './probes.ts';

const artifacts = join(checkout, 'test-artifacts');

/** Keeps what the page looks like now; the pictures are there to be looked at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, `${name}.png`) });
}

/** Signs in as a demo user by the one click that the demo offers. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByRole('button', { name: `Continue as ${person.name}` }).click();
  await page.getByRole('button', { name: 'Join demo room' }).waitFor();
}

export async function joinAsGuest(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('button', { name: 'Join as guest' }).click();
}

/** Turns the camera on, in a call that may have begun with it. */
export async function startCamera(page: Page): Promise<void> {
  const start = page.getByRole('button', { name: 'Start camera' });
  await start.or(page.getByRole('button', { name: 'Stop camera' })).waitFor();
  if (await start.isVisible()) {
    await start.click();
  }
}

export const tileOf = (name: string, kind = 'camera'): string =>
  `[data-testid="tile"][data-participant-name="${name}"][data-kind="${kind}"]`;

/** The tile with this person's name shows this person's colour. */
export async function seesCameraOf(page: Page, person: Person, name = person.name): Promise<void> {
  await expect
    .poll(async () => isColourOf(await colourOf(page, `${tileOf(name)} video`), person), {
      timeout: 20_000,
      message: `the tile "${name}" shows the colour of ${person.name}`,
    })
    .toBe(true);
}

export async function showsMute(page: Page, name: string, muted: boolean): Promise<void> {
  await page.locator(`${tileOf(name)}[data-muted="${muted}"]`).waitFor();
}

/** How many audio packets arrive while at least `frames` more video frames are decoded. */
export async function audioPacketsDuring(page: Page, frames: number): Promise<number> {
  const total = async (): Promise<number> =>
    (await received(page)).framesDecoded.reduce((sum, count) => sum + count, 0);
  const [before, start] = [await received(page), await total()];
  await expect.poll(total, { timeout: 20_000 }).toBeGreaterThan(start + frames);

  return (await received(page)).audioPackets - before.audioPackets;
}

export async function endReason(page: Page): Promise<string | null> {
  const banner = page.locator('[role="status"][data-end-reason]');
  await banner.waitFor({ timeout: 20_000 });

  return banner.getAttribute('data-end-reason');
}
