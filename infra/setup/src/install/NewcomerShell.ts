import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { repositoryRoot } from '../places.ts';

const pollMs = 50;
const answerLimitMs = 2_000;

export interface NewcomerShellOptions {
  /** Where the clone lies. */
  clone: string;
  /** npm's own program, run by whatever Node.js the machine has. */
  npmCli: string;
  logFile: string;
}

/** Runs npm in a clone the way a newcomer would: with the machine's own Node.js and nothing of this checkout's. */
export class NewcomerShell {
  readonly #options: NewcomerShellOptions;

  constructor(options: NewcomerShellOptions) {
    this.#options = options;
  }

  /** Runs npm to its end; throws when it fails. */
  async npm(...args: string[]): Promise<void> {
    const child = this.#spawnNpm(args, {});
    const [code] = await once(child, 'exit');
    if (code !== 0) {
      throw new Error(`npm ${args.join(' ')} ended with ${String(code)} (log: ${this.#options.logFile})`);
    }
  }

  /** `npm start` on free ports; resolves when the platform says that it is ready. */
  async start(limitMs: number): Promise<RunningPlatform> {
    const port = await findFreePort();
    const startedAt = Date.now();
    const child = this.#spawnNpm(['start'], {
      PORT: `${port}`,
      // Above what Linux hands out for outgoing connections, and aside from the default.
      PARLEY_RTC_MIN_PORT: '61100',
      PARLEY_RTC_MAX_PORT: '61199',
    });
    while (!(await isReady(port))) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(
          `npm start ended with ${child.exitCode ?? child.signalCode} (log: ${this.#options.logFile})`,
        );
      }
      if (Date.now() - startedAt > limitMs) {
        child.kill('SIGTERM');
        throw new Error(`npm start was not ready after ${limitMs / 1000} s (log: ${this.#options.logFile})`);
      }
      await delay(pollMs);
    }

    return new RunningPlatform(child, Date.now() - startedAt);
  }

  #spawnNpm(args: string[], extra: NodeJS.ProcessEnv): ChildProcess {
    const { clone, npmCli, logFile } = this.#options;
    const log = createWriteStream(logFile, { flags: 'a' });
    const child = spawn('node', [npmCli, ...args], {
      cwd: clone,
      // A group of its own, as a terminal gives it: Ctrl-C is a signal to the whole group.
      detached: true,
      env: { ...machineEnvironment(), ...extra },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('close', () => log.end());

    return child;
  }
}

/** `npm start` at work. */
export class RunningPlatform {
  readonly #child: ChildProcess;
  readonly readyAfterMs: number;

  constructor(child: ChildProcess, readyAfterMs: number) {
    this.#child = child;
    this.readyAfterMs = readyAfterMs;
  }

  /** As an operator's service manager does. */
  async terminate(): Promise<void> {
    await this.#end((pid) => process.kill(pid, 'SIGTERM'));
  }

  /** As Ctrl-C in a terminal does. */
  async interrupt(): Promise<void> {
    await this.#end((pid) => process.kill(-pid, 'SIGINT'));
  }

  async #end(signal: (pid: number) => void): Promise<void> {
    const exited = once(this.#child, 'exit');
    if (this.#child.pid !== undefined && this.#child.exitCode === null) {
      signal(this.#child.pid);
      await exited;
    }
  }
}

/** What a login shell has: neither npm's variables nor this checkout's programs. */
function machineEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(join(repositoryRoot, '/')) && !folder.includes('node_modules'));
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_|PARLEY_(?!CACHE_DIR)|NODE$|INIT_CWD$|DATABASE_URL$)/i.test(name),
  );

  return { ...Object.fromEntries(own), PATH: path.join(delimiter) };
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://localhost:${port}/readyz`, { signal: AbortSignal.timeout(answerLimitMs) }))
      .ok;
  } catch {
    return false;
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new Error('No TCP port is free.');
  }

  return address.port;
}
