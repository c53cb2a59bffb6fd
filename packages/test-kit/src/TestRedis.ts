import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort.ts';

/** A redis-server of a test's own, with a port and a folder of its own, which the test may kill. */
export class TestRedis {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), await mkdtemp(join(tmpdir(), 'parley-redis-')));
    await redis.start();

    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** On the same port as before; what it knew is gone. */
  async start(): Promise<void> {
    const started = spawn(
      'redis-server',
      ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    this.#process = started;
    let said = '';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    started.once('error', (error) => reject(explain(error)));
    started.once('exit', () => reject(new Error(`redis-server ended: ${said}`)));
    started.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Ready to accept connections')) {
        resolve();
      }
    });
    await promise;
  }

  /** As a crash would. */
  async kill(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const running = this.#process;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) {
      return;
    }
    running.once('exit', () => resolve());
    running.kill('SIGKILL');
    await promise;
  }

  /** From here on it accepts connections and says nothing. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    this.thaw();
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function explain(error: NodeJS.ErrnoException): Error {
  return error.code === 'ENOENT'
    ? new Error('The tests need redis-server: npm run setup brings it, or apt-get install redis-server does.')
    : error;
}
