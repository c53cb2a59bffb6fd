import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { locateWorker } from '../src/index.ts';
import { repositoryRoot } from '../src/places.ts';
import { temporaryFolder, writeScript } from './support/folder.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const main = join(repositoryRoot, 'infra/setup/src/main.ts');
const aptInstall = join(repositoryRoot, 'infra/setup/apt-install.sh');

async function outcomeOf(promise: Promise<unknown>) {
  return (await promise.catch((error: unknown) => error)) as {
    stdout: string;
    stderr: string;
    code?: number;
  };
}

/** Of a set-up that has to bring PostgreSQL, and not the worker. */
async function environment(cacheDir: string): Promise<NodeJS.ProcessEnv> {
  const own = { DATABASE_URL: '', MEDIASOUP_WORKER_BIN: await locateWorker(), PARLEY_CACHE_DIR: cacheDir };

  return { ...process.env, ...own };
}

describe('the set-up', () => {
  it.runIf(isRoot)('names a full disk and leaves nothing half copied', async () => {
    const disk = join(await temporaryFolder(), 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk]);
    onTestFinished(async () => void (await run('umount', [disk])));

    const outcome = await outcomeOf(
      run(process.execPath, [main, 'start'], {
        env: await environment(disk),
      }),
    );

    expect(outcome).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The disk is full.*free some space.*\n$/),
    });
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
    expect((await readdir(join(disk, 'postgres'))).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  });

  it('names a cache that cannot be made', async () => {
    const outcome = await outcomeOf(
      run(process.execPath, [main, 'start'], {
        env: await environment('/dev/null/cache'),
      }),
    );

    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/PARLEY_CACHE_DIR/) });
  });
});

describe('the build of the page', () => {
  it('names the cure where npm left out the development packages, as it does in production', async () => {
    const folder = await temporaryFolder();
    await cp(join(repositoryRoot, 'infra/setup/src'), join(folder, 'infra/setup/src'), { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const step = pathToFileURL(join(folder, 'infra/setup/src/webBuild.ts')).href;
    const build = `(await import('${step}')).webBuildStep().run({ signal: new AbortController().signal })
      .catch((error) => console.error(error.name, error.message))`;

    const { stderr } = await run(process.execPath, ['--input-type=module', '--eval', build]);

    expect(stderr).toBe('SetupError The npm package turbo is not installed; run npm ci --include=dev.\n');
  });
});

describe('apt-install.sh', () => {
  const runWith = async (aptGet: string) => {
    const folder = await temporaryFolder();
    await writeScript(folder, 'apt-get', aptGet);

    return outcomeOf(
      run('bash', [aptInstall, 'testing', 'parley-no-such-package'], {
        env: { ...process.env, PATH: `${folder}:${process.env['PATH']}`, FOLDER: folder },
      }),
    );
  };

  it('touches nothing when the packages are there', async () => {
    const folder = await temporaryFolder();
    await writeScript(folder, 'apt-get', 'exit 1');

    await expect(
      run('bash', [aptInstall, 'testing', 'bash'], {
        env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
      }),
    ).resolves.toBeDefined();
  });

  it.runIf(isRoot)('waits for another package manager to finish', async () => {
    const outcome = await runWith(
      'if [ ! -e "$FOLDER/seen" ]; then touch "$FOLDER/seen"; echo "E: Could not get lock /var/lib/apt/lists/lock." >&2; exit 100; fi',
    );

    expect(outcome.code).toBeUndefined();
    expect(outcome.stdout).toContain('## waiting for another package manager');
  });

  it.runIf(isRoot)('tells a network that is out of reach', async () => {
    const outcome = await runWith('echo "E: Failed to fetch http://deb.debian.org/x" >&2; exit 100');

    expect(outcome).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^CAUSE: the packages that testing needs could not be fetched; check /m),
    });
  });

  it.runIf(isRoot)('tells a full disk', async () => {
    const outcome = await runWith(
      'echo "E: You don\'t have enough free space in /var/cache/apt/archives/." >&2; exit 100',
    );

    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringMatching(/^CAUSE: the disk is full/m) });
  });
});
