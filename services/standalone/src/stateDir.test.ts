import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureStateDir } from './stateDir.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-state-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the state folder', () => {
  it('is made with all above it, and taken as it is the next time', async () => {
    const own = join(folder, 'a/b');
    await ensureStateDir(own);
    await ensureStateDir(own);

    expect((await stat(own)).mode & 0o777).toBe(0o755);
  });

  it('is made by several nodes that start at the same moment', async () => {
    const own = join(folder, 'a/b');

    await expect(Promise.all(Array.from({ length: 8 }, () => ensureStateDir(own)))).resolves.toHaveLength(8);
  });

  it.each([
    ['cannot be made', () => '/proc/parley', 'ENOENT'],
    ['is a file', () => join(folder, 'file'), 'it is no folder'],
    ['lies below a file', () => join(folder, 'file/state'), 'ENOTDIR'],
    ['is a link to nowhere', () => join(folder, 'link'), 'EEXIST'],
  ])('that %s is refused by the name of its own setting', async (_case, path, reason) => {
    await writeFile(join(folder, 'file'), '');
    await symlink(join(folder, 'nowhere'), join(folder, 'link'));

    await expect(ensureStateDir(path())).rejects.toThrow(
      `The state folder ${path()} cannot be used (${reason}): set PARLEY_STATE_DIR to`,
    );
  });
});
