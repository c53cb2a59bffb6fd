import { execFile } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { locatePostgres } from '@parley/setup';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseDataDir, startEmbeddedPostgres } from '../src/embedded/index.ts';
import { processesOf, query } from './support/cluster.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-places-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('chooseDataDir', () => {
  it('keeps the preferred place when the database user can get there', async () => {
    await chmod(folder, 0o755);
    const preferred = join(folder, 'checkout/.parley/data');

    expect(await chooseDataDir(preferred)).toBe(preferred);
  });

  it.runIf(isRoot)('goes elsewhere for a checkout that only root can enter, and stays there', async () => {
    const preferred = join(folder, '.parley/data');

    const chosen = await chooseDataDir(preferred);
    try {
      expect(chosen).toMatch(/^\/var\/lib\/parley\//);
      expect((await lstat(preferred)).isSymbolicLink()).toBe(true);
      expect(await realpath(preferred)).toBe(chosen);
      expect(await chooseDataDir(preferred)).toBe(chosen);

      const postgres = await startEmbeddedPostgres({ binaries: await locatePostgres(), dataDir: chosen });
      expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await postgres.stop();
    } finally {
      await rm(chosen, { recursive: true, force: true });
    }
  });

  it.runIf(isRoot)('makes a new place when the old one was removed', async () => {
    const preferred = join(folder, '.parley/data');
    const first = await chooseDataDir(preferred);
    await rm(first, { recursive: true });

    const second = await chooseDataDir(preferred);

    expect((await lstat(second)).isDirectory()).toBe(true);
    await rm(second, { recursive: true, force: true });
  });
});

describe('startEmbeddedPostgres', () => {
  it.runIf(isRoot)('names a data directory that the database user cannot reach', async () => {
    const dataDir = join(folder, 'data');

    await expect(startEmbeddedPostgres({ binaries: await locatePostgres(), dataDir })).rejects.toThrow(
      /The user postgres cannot reach the data directory .*PARLEY_DATA_DIR/,
    );
  });

  it('names a data directory that cannot be made', async () => {
    await expect(
      startEmbeddedPostgres({ binaries: await locatePostgres(), dataDir: '/proc/parley' }),
    ).rejects.toThrow(/\/proc\/parley cannot be made \(ENOENT\).*PARLEY_DATA_DIR/);
  });

  it.runIf(isRoot)('names a full disk before it has begun, and leaves nothing half done', async () => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    await chmod(folder, 0o755);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=20m,mode=755', 'tmpfs', disk]);
    try {
      const dataDir = join(disk, 'data');

      await expect(startEmbeddedPostgres({ binaries: await locatePostgres(), dataDir })).rejects.toThrow(
        /The disk that holds .* is full .*free some space/,
      );
      await expect(lstat(join(dataDir, 'cluster'))).rejects.toThrow(/ENOENT/);
      expect(processesOf(dataDir)).toEqual([]);
    } finally {
      await run('umount', [disk]);
    }
  });
});
