import type { Page } from 'playwright-core';
import { framesGoOn, longestFreezeOf } from '../../e2e/support/chronicle.ts';

/** How long the pictures of both stood still over what `happen` does, milliseconds. */
export async function freezesOver(
  pages: { alice: Page; bob: Page },
  happen: () => Promise<void>,
): Promise<number[]> {
  const both = [pages.alice, pages.bob];
  await Promise.all(both.map((page) => page.evaluate(() => window.chronicle.frames.splice(0))));
  await Promise.all(both.map((page) => framesGoOn(page)));
  await happen();
  await Promise.all(both.map((page) => framesGoOn(page)));

  return Promise.all(both.map((page) => longestFreezeOf(page)));
}
