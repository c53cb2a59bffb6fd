import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { locateWorker } from '../src/index.ts';
import { processesAround } from '../src/install/processes.ts';
import { repositoryRoot } from '../src/places.ts';
import { verifyWorker } from '../src/worker/verifyWorker.ts';
import { temporaryFolder, writeScript } from './support/folder.ts';

const run = promisify(execFile);

/** What a worker of another release looks like from outside: it starts, and its messages make no sense to us. */
const otherVersion = '[ -z "$MEDIASOUP_VERSION" ] && exit 41\nexec sleep 60';

describe('verifyWorker', () => {
  it('accepts the worker that the set-up brought', async () => {
    await expect(verifyWorker(await locateWorker())).resolves.toBeUndefined();
  });

  it('names a file that is not there', async () => {
    await expect(verifyWorker('/nowhere/worker')).rejects.toThrow(
      'There is no mediasoup worker at /nowhere/worker.',
    );
  });

  it('names a file that is not executable, with the cure', async () => {
    const file = join(await temporaryFolder(), 'worker');
    await writeFile(file, '');

    await expect(verifyWorker(file)).rejects.toThrow(`run "chmod +x ${file}"`);
  });

  it('refuses a program that is no worker', async () => {
    await expect(verifyWorker('/bin/true')).rejects.toThrow(
      /is not a mediasoup worker .*needs mediasoup-worker 3\./,
    );
  });

  it('refuses a worker that is cut off in the middle', async () => {
    const file = join(await temporaryFolder(), 'worker');
    await copyFile(await locateWorker(), file);
    await run('truncate', ['--size=100000', file]);

    await expect(verifyWorker(file)).rejects.toThrow(/is not a mediasoup worker that runs on this system/);
  });

  it('tells a worker of another version within the limit, and leaves no process', async () => {
    const folder = await temporaryFolder();
    const file = await writeScript(folder, 'worker', otherVersion);

    await expect(verifyWorker(file, 1_500)).rejects.toThrow(/is of another version than 3\.\d+\.\d+/);

    expect(processesAround([folder])).toEqual([]);
  });
});

describe('the set-up with MEDIASOUP_WORKER_BIN', () => {
  it('ends with one sentence and exit code 1 when the worker cannot serve', async () => {
    const folder = await temporaryFolder();
    const main = join(repositoryRoot, 'infra/setup/src/main.ts');

    const failure = await run(process.execPath, [main, 'start'], {
      env: { ...process.env, MEDIASOUP_WORKER_BIN: join(folder, 'worker') },
    }).catch((error: unknown) => error);

    expect(failure).toMatchObject({
      code: 1,
      stderr: `There is no mediasoup worker at ${folder}/worker; correct MEDIASOUP_WORKER_BIN or unset it.\n`,
    });
  });
});
