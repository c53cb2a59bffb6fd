import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach } from 'vitest';

const main = resolve(import.meta.dirname, '../../src/main.ts');

/** Processes of the platform, which share a folder that each test has for itself. */
export interface MainWorld {
  readonly folder: string;
  /** `npm start` without the set-up; the demo stays off so that nobody's demo file is written over. */
  readonly start: (variables?: Record<string, string>, args?: string[]) => ChildProcess;
  /** The URL that a started platform prints. */
  readonly urlOf: (child: ChildProcess) => Promise<string>;
}

export function mainWorld(): MainWorld {
  let folder: string;
  const started: ChildProcess[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-main-'));
    await chmod(folder, 0o755);
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((child) => stopMain(child)));
    await rm(folder, { recursive: true, force: true });
  });

  return {
    get folder() {
      return folder;
    },
    start(variables = {}, args = []) {
      const child = startMain(
        { PARLEY_DATA_DIR: join(folder, 'data'), PARLEY_STATE_DIR: join(folder, 'state'), ...variables },
        args,
      );
      started.push(child);

      return child;
    },
    urlOf,
  };
}

export function startMain(variables: Record<string, string>, args: readonly string[] = []): ChildProcess {
  return spawn(process.execPath, [main, ...args], {
    env: {
      ...process.env,
      PORT: '0',
      PARLEY_DEMO: 'off',
      PARLEY_MEDIA_WORKERS: '1',
      PARLEY_RTC_MIN_PORT: '41000',
      PARLEY_RTC_MAX_PORT: '48999',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Returns when it has ended; at once where it had ended before. */
export async function stopMain(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}

/** The URL that a started platform prints. */
export async function urlOf(child: ChildProcess): Promise<string> {
  if (child.stdout === null) {
    throw new Error('The platform has no standard output.');
  }
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = /Parley is up at (\S+)/.exec(line) ?? [];
    if (url !== undefined) {
      // From here on nobody reads; without this the child would block on a full pipe.
      child.stdout.resume();

      return url;
    }
  }
  throw new Error(`The platform ended before it was up: ${complaint.trim()}`);
}
