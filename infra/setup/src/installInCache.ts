import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { StepContext } from './Step.ts';
import { withMachineLock } from './withMachineLock.ts';

/**
 * Fills one entry of the machine's cache, once. `fill` works in a staging directory beside it that takes the
 * entry's name at the end, so an entry that exists is whole, whenever the set-up was killed.
 */
export async function installInCache(
  entry: string,
  context: StepContext,
  fill: (staging: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(entry);
  const prefix = `.${basename(entry)}-`;
  await mkdir(folder, { recursive: true });
  await withMachineLock(`${entry}.lock`, context, async () => {
    if (existsSync(entry)) {
      return;
    }
    // We hold the lock, so what a set-up is at work on here was left by one that was killed.
    const abandoned = (await readdir(folder)).filter((name) => name.startsWith(prefix));
    await Promise.all(abandoned.map((name) => rm(join(folder, name), { recursive: true, force: true })));

    const staging = await mkdtemp(join(folder, prefix));
    try {
      await fill(staging);
      await chmod(staging, 0o755);
      await rename(staging, entry);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  });
}
