import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, readFile, writeFile } from 'node:fs/promises';

const conflictCode = 75;

/** Somebody else has the lock. */
export class FileLockTaken extends Error {
  override readonly name = 'FileLockTaken';
  /** Who, as the end of a sentence: ` (process 7)`, or nothing. */
  readonly process: string;

  constructor(file: string, pid: string) {
    super(`${file} is locked.`);
    this.process = pid === '' ? '' : ` (process ${pid})`;
  }
}

/**
 * The kernel's lock on a file, held by a helper that ends when its standard input closes: however this process
 * dies, the lock is free the moment after, so there is never a stale one to judge by its pid. The file's text
 * only tells others who holds it.
 */
export class FileLock {
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /**
   * Rejects with `FileLockTaken`, after that many seconds, or with why the file cannot be locked at all: `ENOENT` where
   * there is no program for it.
   */
  static async take(file: string, { waitSeconds = 0 } = {}): Promise<FileLock> {
    await prepare(file);
    const flock = [
      '--timeout',
      `${waitSeconds}`,
      '--conflict-exit-code',
      `${conflictCode}`,
      '--no-fork',
      file,
    ];
    // A session of its own: Ctrl-C at the terminal must not release the lock before what it guards has stopped.
    const holder = spawn('flock', [...flock, 'sh', '-c', 'echo held; exec cat'], {
      cwd: '/',
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let complaint = '';
    holder.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));

    const { promise: outcome, resolve, reject } = Promise.withResolvers<'held' | 'taken'>();
    holder.stdout.once('data', () => resolve('held'));
    holder.once('error', reject);
    holder.once('close', (code) =>
      code === conflictCode ? resolve('taken') : reject(new Error(complaint.trim())),
    );
    if ((await outcome) === 'taken') {
      throw new FileLockTaken(file, (await readFile(file, 'utf8').catch(() => '')).trim());
    }
    await writeFile(file, `${process.pid}\n`);

    return new FileLock(holder);
  }

  /** Idempotent. */
  async release(): Promise<void> {
    if (this.#holder.exitCode === null && this.#holder.signalCode === null) {
      const exited = once(this.#holder, 'exit');
      this.#holder.stdin?.end();
      await exited;
    }
  }
}

/** For our own eyes: whoever can read a file can lock it. And no link, which would lead the pid elsewhere. */
async function prepare(file: string): Promise<void> {
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
  await handle.chmod(0o600);
  await handle.close();
}
