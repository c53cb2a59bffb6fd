import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from './SetupError.ts';
import type { StepContext } from './Step.ts';

const noticeAfterMs = 500;

/**
 * Runs the task while no other process on this machine runs one under the same file: two clones set up at once
 * build once, and the second finds the result.
 *
 * The lock is the kernel's, held by a helper that ends when its standard input closes; a killed set-up
 * therefore leaves nothing to clean up.
 */
export async function withMachineLock<T>(
  file: string,
  { progress, signal }: StepContext,
  task: () => Promise<T>,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  // For our own eyes: whoever can read a file can lock it.
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  // A session of its own: Ctrl-C must not free the lock while the task still tidies up.
  const holder = spawn('flock', ['--no-fork', file, 'sh', '-c', 'echo held; exec cat'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const { promise: held, resolve, reject } = Promise.withResolvers<void>();
  holder.stdout.once('data', () => resolve());
  holder.once('error', (error) => reject(new SetupError(`${file} cannot be locked (${error.message}).`)));
  holder.once('close', () => reject(new SetupError(`${file} cannot be locked (${complaint.trim()}).`)));
  const giveUp = (): boolean => holder.kill();
  signal.addEventListener('abort', giveUp, { once: true });
  const waiting = setTimeout(() => progress('waiting for another set-up on this machine'), noticeAfterMs);

  try {
    await held;
  } finally {
    clearTimeout(waiting);
    signal.removeEventListener('abort', giveUp);
  }
  try {
    return await task();
  } finally {
    const exited = once(holder, 'exit');
    holder.stdin.end();
    await exited;
  }
}
