import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createDeferred } from '@parley/kit';
import type { CallEvent } from '@parley/backplane';
import type { Joined, RequestAnswer } from '@parley/protocol';
import {
  generateSigningJwk,
  loadSigningKey,
  signSessionToken,
  type SessionGrant,
  type SigningKey,
} from '@parley/tokens';
import { TestClient, type ConnectOptions } from './TestClient.ts';
import { applicationId, publicUrl } from './testSfu.ts';
import { workerPids } from './workerPids.ts';

interface Line {
  readonly port?: number;
  readonly event?: CallEvent;
  readonly log?: { readonly msg: string };
}

/** An sfu in a process of its own, which is killed and started again under one address. */
export class SfuProcess implements AsyncDisposable {
  /** What has happened in its calls, over all its lives. */
  readonly events: CallEvent[] = [];
  /** What it has logged, over all its lives. */
  readonly log: string[] = [];
  /** Where it keeps what outlives it. */
  readonly stateDir: string;
  readonly #key: SigningKey;
  readonly #clients: TestClient[] = [];
  #process: ChildProcess | undefined;
  #port = 0;

  private constructor(key: SigningKey, stateDir: string) {
    this.#key = key;
    this.stateDir = stateDir;
  }

  static async create(): Promise<SfuProcess> {
    const key = await loadSigningKey(await generateSigningJwk());

    return new SfuProcess(key, await mkdtemp(join(tmpdir(), 'parley-state-')));
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const { publicJwk } = this.#key;
    const settings = {
      port: this.#port,
      stateDir: this.stateDir,
      publicJwk,
      presenters: ['alice'],
      users: ['alice', 'bob', 'carol', 'dave', 'erin'],
    };
    const child = spawn(process.execPath, [new URL('runSfu.ts', import.meta.url).pathname], {
      env: { ...process.env, SFU_PROCESS: JSON.stringify(settings) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const listening = createDeferred<number>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { port, event, log } = JSON.parse(line) as Line;
      if (port !== undefined) {
        listening.resolve(port);
      } else if (event !== undefined) {
        this.events.push(event);
      } else if (log !== undefined) {
        this.log.push(line);
      }
    });
    child.once('exit', (code) => listening.reject(new Error(`The sfu ended with ${code}.`)));
    this.#process = child;
    this.#port = await listening.promise;
  }

  /** Resolves once it is gone: killed, or asked to end with all of its workers, as a terminal and systemd do. */
  async stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child !== undefined) {
      const exited = once(child, 'exit');
      if (signal === 'SIGTERM') {
        workerPids(child.pid).forEach((pid) => process.kill(pid, signal));
      }
      child.kill(signal);
      await exited;
    }
  }

  async token(userId: string, changed: Partial<SessionGrant> = {}): Promise<string> {
    const identity = { userId, displayName: userId, kind: 'user' } as const;
    const usual = { applicationId, identity, scopes: ['calls'] as const, expiresInSeconds: 3600 };

    return (await signSessionToken({ ...usual, ...changed }, { issuer: publicUrl, key: this.#key })).token;
  }

  async connect(userId: string, options?: ConnectOptions): Promise<TestClient> {
    const token = await this.token(userId);
    const client = await TestClient.connect(`http://127.0.0.1:${this.#port}`, token, options);
    this.#clients.push(client);
    await client.welcome();

    return client;
  }

  /** The client of the user comes back to its call with what it knew. */
  async resume(
    before: TestClient,
    { call, resumeToken, sequence }: Joined,
    userId: string,
  ): Promise<{ client: TestClient; answer: RequestAnswer<'resume'> }> {
    const client = await this.connect(userId, { clientId: before.clientId });
    const known = { resumeToken, sequence: before.sequenceOf(call.id) || sequence };

    return { client, answer: await client.request('resume', { callId: call.id, ...known }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#clients.forEach(({ socket }) => socket.disconnect());
    await this.stop('SIGKILL');
    await rm(this.stateDir, { recursive: true, force: true });
  }
}
