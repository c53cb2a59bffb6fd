import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { installedPackage, repositoryRoot } from '../places.ts';
import { SetupError } from '../SetupError.ts';

/** Starting a worker and asking it four things takes a third of a second on an idle machine. */
const probeLimitMs = 15_000;

/** What a worker exits with when it was not started by mediasoup (its main.cpp). */
const notOurFatherCode = 41;

interface Outcome {
  code: number | undefined;
  stderr: string;
}

/**
 * Makes sure that the binary is a mediasoup worker of the installed npm package's version that runs here. The binary
 * does not know its version and the protocol changes between releases (with another one `createWorker()` never
 * settles), so it is talked to as mediasoup will, within a time limit.
 *
 * @throws SetupError naming what is wrong with the file.
 */
export async function verifyWorker(file: string, limitMs: number = probeLimitMs): Promise<void> {
  await requireExecutable(file);
  const { version } = installedPackage('mediasoup');

  const bare = await runBriefly(file, [], { limitMs, env: {} });
  if (bare.code !== notOurFatherCode) {
    throw new SetupError(
      `${file} is not a mediasoup worker that runs on this system (${describe(bare)}); Parley needs mediasoup-worker ${version}.`,
    );
  }
  const probe = join(repositoryRoot, 'infra/mediasoup-worker/probe.mjs');
  const talk = await runBriefly(process.execPath, [probe, file], { limitMs, env: process.env });
  if (talk.code !== 0) {
    throw new SetupError(
      `The mediasoup worker ${file} is of another version than ${version}, which the npm package mediasoup needs: they do not understand each other (${describe(talk)}).`,
    );
  }
}

async function requireExecutable(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile() !== true) {
    throw new SetupError(`There is no mediasoup worker at ${file}.`);
  }
  try {
    await access(file, constants.X_OK);
  } catch (error) {
    throw new SetupError(`The mediasoup worker ${file} is not executable; run "chmod +x ${file}".`, {
      cause: error,
    });
  }
}

/** Runs a program in a group of its own and ends the whole group at the limit; undefined as code means that. */
async function runBriefly(
  command: string,
  args: string[],
  { limitMs, env }: { limitMs: number; env: NodeJS.ProcessEnv },
): Promise<Outcome> {
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const { promise: exited, resolve } = Promise.withResolvers<number | undefined>();
  child.once('error', (error) => {
    stderr = error.message;
    resolve(undefined);
  });
  child.once('exit', (code) => resolve(code ?? undefined));
  const timer = setTimeout(() => {
    stderr = `no answer within ${limitMs / 1000} s`;
    if (child.pid !== undefined) {
      process.kill(-child.pid, 'SIGKILL');
    }
  }, limitMs);
  const code = await exited;
  clearTimeout(timer);

  return { code, stderr };
}

function describe({ code, stderr }: Outcome): string {
  const complaint = stderr
    .split('\n')
    .map((line) => line.trim())
    .find((line) => line !== '' && !line.startsWith('at ') && !line.startsWith('file:'));

  return complaint ?? (code === undefined ? 'it was ended by a signal' : `exit code ${code}`);
}
