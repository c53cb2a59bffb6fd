import { expect } from 'vitest';
import type { Person } from './people.ts';
import { colourOf, isColourOf, pitchOf } from './probes.ts';
import type { Tab } from './Tab.ts';

const poll = { timeout: 20_000, interval: 250 } as const;

/** Waits until the place of that name shows the colour of that person. */
export async function sees(page: Tab, person: Person, place = person.name): Promise<void> {
  await expect
    .poll(async () => isColourOf(await colourOf(page, `[data-name="${place}"] video`), person), poll)
    .toBe(true);
}

/** Whoever made the picture, it is no still one: Firefox's camera goes through the colours. */
export async function seesColoursChange(page: Tab, place: string): Promise<void> {
  let first: number[] | undefined;
  await expect
    .poll(async () => {
      const colour = await colourOf(page, `[data-name="${place}"] video`);
      first ??= colour;

      return Math.hypot(...(first ?? []).map((value, channel) => value - (colour?.[channel] ?? value)));
    }, poll)
    .toBeGreaterThan(50);
}

/** Waits until the stream that the page's `streams` hold under that person's name has their tone. */
export async function hears(page: Tab, { name, pitch }: Person): Promise<void> {
  await expect.poll(async () => Math.abs((await pitchOf(page, name)) - pitch), poll).toBeLessThan(20);
}

/** Waits until that stream is silent. */
export async function hearsNothingOf(page: Tab, { name }: Person): Promise<void> {
  await expect.poll(() => pitchOf(page, name), poll).toBe(0);
}
