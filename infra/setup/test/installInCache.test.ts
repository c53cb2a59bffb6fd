import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installInCache } from '../src/installInCache.ts';
import type { StepContext } from '../src/Step.ts';
import { temporaryFolder } from './support/folder.ts';

const context: StepContext = { progress: () => {}, signal: new AbortController().signal };

describe('installInCache', () => {
  it('fills an entry once when two set-ups want it at the same time', async () => {
    const folder = await temporaryFolder();
    const entry = join(folder, 'worker');
    const fillings: string[] = [];
    const fill = async (staging: string): Promise<void> => {
      fillings.push(staging);
      await writeFile(join(staging, 'file'), 'whole');
    };

    await Promise.all([installInCache(entry, context, fill), installInCache(entry, context, fill)]);

    expect(fillings).toHaveLength(1);
    expect(await readFile(join(entry, 'file'), 'utf8')).toBe('whole');
  });

  it('leaves nothing that looks like the entry when the filling fails', async () => {
    const folder = await temporaryFolder();
    const entry = join(folder, 'worker');

    await expect(
      installInCache(entry, context, async (staging) => {
        await writeFile(join(staging, 'file'), 'half');
        throw new Error('killed');
      }),
    ).rejects.toThrow('killed');

    expect(await readdir(folder)).toEqual(['worker.lock']);
  });

  it('clears what a killed set-up left half done', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, '.worker-abcdef'));

    await installInCache(join(folder, 'worker'), context, async () => {});

    expect((await readdir(folder)).sort()).toEqual(['worker', 'worker.lock']);
  });
});
