import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identity, type DatabaseUser } from './databaseUser.ts';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.ts';
import { explainFailure, isPortTaken } from './explainFailure.ts';
import { clusterMark } from './leftovers.ts';

/** The port was taken; the caller may try another. */
export class PortTakenError extends EmbeddedPostgresError {}

export interface PostmasterOptions {
  binaries: string;
  cluster: string;
  port: number;
  user: DatabaseUser | undefined;
}

/** Recovery after a crash replays the log first, which takes its time on a slow disk. */
const startLimitMs = 120_000;
/** A fast shutdown ends with a checkpoint; after this long the immediate one is taken, and recovery follows. */
const stopLimitMs = 30_000;
const keptOutput = 8_192;

/** One running PostgreSQL server. */
export class Postmaster {
  readonly #child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-keptOutput);
      });
    }
  }

  /** Resolves when the server accepts connections. */
  static async start(options: PostmasterOptions): Promise<Postmaster> {
    const postmaster = new Postmaster(spawnPostgres(options));
    try {
      await postmaster.#ready(options);
    } catch (error) {
      await postmaster.stop();
      throw error;
    }

    return postmaster;
  }

  /** Ends open connections and the server; safe to call at any time and more than once. */
  async stop(): Promise<void> {
    if (!this.#isRunning()) {
      return;
    }
    const exited = once(this.#child, 'exit');
    // PostgreSQL's fast shutdown; SIGQUIT is the immediate one.
    this.#child.kill('SIGINT');
    const limit = new AbortController();
    const outcome = await Promise.race([
      exited.then(() => 'exited' as const),
      delay(stopLimitMs, 'late' as const, { signal: limit.signal }),
    ]);
    limit.abort();
    if (outcome === 'late') {
      this.#child.kill('SIGQUIT');
      await exited;
    }
  }

  #isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #ready({ cluster, port }: PostmasterOptions): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const fail = (text: string): void => {
      const message = explainFailure(text, { dataDir: cluster, port });
      reject(isPortTaken(text) ? new PortTakenError(message) : new EmbeddedPostgresError(message));
    };
    const timer = setTimeout(() => fail(`it was not ready after ${startLimitMs / 1000} s`), startLimitMs);
    this.#child.once('error', (error) => fail(error.message));
    // 'close' comes after the last of its output, 'exit' may come before.
    this.#child.once('close', () => fail(this.#output));
    this.#child.stderr?.on('data', () => {
      if (this.#output.includes('database system is ready to accept connections')) {
        resolve();
      }
    });

    try {
      await promise;
    } finally {
      clearTimeout(timer);
    }
  }
}

function spawnPostgres({ binaries, cluster, port, user }: PostmasterOptions): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'unix_socket_directories=',
    clusterMark,
    'fsync=on',
    // Readiness and failures are read from the log, so it stays in English and on standard error.
    'lc_messages=C',
    'log_destination=stderr',
    'logging_collector=off',
  ];
  const postgres = [join(binaries, 'bin', 'postgres'), '-D', cluster, ...settings.flatMap((s) => ['-c', s])];
  const [command = '', ...args] = [...diesWithParent(), ...postgres];

  return spawn(command, args, {
    cwd: cluster,
    // A session of its own: Ctrl-C reaches the whole foreground group, and PostgreSQL must outlive the api.
    detached: true,
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...identity(user),
  });
}

/**
 * Has the kernel send the fast shutdown when this process dies, also by SIGKILL (prctl(2), PR_SET_PDEATHSIG).
 * Where util-linux is missing, the next start ends what was left.
 */
function diesWithParent(): string[] {
  const setpriv = '/usr/bin/setpriv';

  return existsSync(setpriv) ? [setpriv, '--pdeathsig', 'INT', '--'] : [];
}
