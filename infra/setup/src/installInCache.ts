import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { withMachineLock } from './withMachineLock.ts';

/**
 * Fills one entry of the machine's cache, once. `fill` works in a staging directory beside it that takes the
 * entry's name at the end, so an entry that exists is whole, whenever the set-up was killed.
 */
export async function installInCache(entry: string, fill: (staging: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(entry), { recursive: true, mode: 0o755 });
  await withMachineLock(`${entry}.lock`, async () => {
    if (existsSync(entry)) {
      return;
    }
    const staging = await mkdtemp(join(dirname(entry), `.${basename(entry)}-`));
    try {
      await fill(staging);
      await rename(staging, entry);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  });
}
