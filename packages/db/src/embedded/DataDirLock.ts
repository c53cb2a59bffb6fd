import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';

const conflictCode = 75;

/**
 * One Parley per data directory, for as long as it lives.
 *
 * The kernel's lock on a file, held by a helper that ends when its standard input closes: however this process
 * dies, the lock is free the moment after, so there is never a stale one to judge by its pid. The file's text
 * only tells others who holds it.
 */
export class DataDirLock {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  static async take(dataDir: string): Promise<DataDirLock> {
    const file = join(dataDir, 'parley.lock');
    await prepareLockFile(file);
    const flock = ['--nonblock', '--conflict-exit-code', `${conflictCode}`, '--no-fork', file];
    // A session of its own: Ctrl-C at the terminal must not release the lock before PostgreSQL has stopped.
    const holder = spawn('flock', [...flock, 'sh', '-c', 'echo held; exec cat'], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let complaint = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));

    const { promise: outcome, resolve } = Promise.withResolvers<'held' | 'taken' | 'failed'>();
    holder.stdout.once('data', () => resolve('held'));
    holder.once('close', (code) => resolve(code === conflictCode ? 'taken' : 'failed'));
    holder.once('error', (error) => {
      complaint = error.message;
      resolve('failed');
    });
    const result = await outcome;
    if (result === 'taken') {
      throw new EmbeddedPostgresError(await explainTaken(dataDir, file));
    }
    if (result === 'failed') {
      throw new EmbeddedPostgresError(
        `The lock file ${file} cannot be taken (${complaint.trim()}); make ${dataDir} writable or choose another directory with PARLEY_DATA_DIR.`,
      );
    }
    await writeFile(file, `${process.pid}\n`);

    return new DataDirLock(holder);
  }

  async release(): Promise<void> {
    if (this.#holder.exitCode === null && this.#holder.signalCode === null) {
      const exited = once(this.#holder, 'exit');
      this.#holder.stdin?.end();
      await exited;
    }
  }
}

/** For our own eyes: whoever can read a file can lock it. And no link, which would lead the pid elsewhere. */
async function prepareLockFile(file: string): Promise<void> {
  try {
    const handle = await open(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    await handle.chmod(0o600);
    await handle.close();
  } catch (error) {
    throw new EmbeddedPostgresError(
      `The lock file ${file} cannot be opened (${error instanceof Error ? error.message : String(error)}); make it a plain file of yours or choose another directory with PARLEY_DATA_DIR.`,
      { cause: error },
    );
  }
}

async function explainTaken(dataDir: string, file: string): Promise<string> {
  const owner = (await readFile(file, 'utf8').catch(() => '')).trim();

  return `The data directory ${dataDir} is in use by another Parley${owner === '' ? '' : ` (process ${owner})`}; stop that one or choose another directory with PARLEY_DATA_DIR.`;
}
