import { randomUUID } from 'node:crypto';
import {
  createDeferred,
  createStateMachine,
  Emitter,
  type Clock,
  type Disposable,
  type Timer,
} from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import { Redis } from 'ioredis';

/** With the time to connect again, less than the 2 s after which whoever waits for Redis must know. */
const commandTimeoutMs = 1_000;
const connectTimeoutMs = 1_500;
const longestPauseMs = 500;
/** Redis answers, but does not let itself be used. */
const pauseAfterRefusalMs = 1_000;
const openWithinMs = 5_000;

export interface RedisLinkOptions {
  readonly url: string;
  /** Begins every key and channel, so that several platforms may share a server. */
  readonly prefix: string;
  readonly clock: Clock;
  /** Told once of every outage, and of what listeners throw. */
  readonly onError: (error: unknown) => void;
}

/** The server that was connected to. */
export interface RedisServer {
  /** Another one, or another start of it, than before: anything may have been lost. */
  readonly isOther: boolean;
  readonly runId: string;
}

/**
 *   connecting ──▶ up ◀──▶ away
 *       └──────────▶ closed ◀───┘   (from every state)
 */
type State = 'connecting' | 'up' | 'away' | 'closed';

/**
 * The connection to Redis. Nothing waits in it for a server that is away: what is asked then is answered with
 * `unavailable` at once, and what must be there is put again by its owner when the link is up.
 */
export class RedisLink {
  readonly prefix: string;
  /** Names this process, and no other start of it. */
  readonly owner = randomUUID();
  readonly #options: RedisLinkOptions;
  readonly #client: Redis;
  readonly #messages: Emitter<Record<string, [text: string]>>;
  readonly #channels = new Set<string>();
  readonly #tasks: ((server: RedisServer) => Promise<void>)[] = [];
  readonly #downListeners: (() => void)[] = [];
  readonly #machine = createStateMachine<State>({
    name: 'The link to Redis',
    initial: 'connecting',
    transitions: { connecting: ['up', 'closed'], up: ['away', 'closed'], away: ['up', 'closed'], closed: [] },
  });
  readonly #opened = createDeferred<void>();
  #runId = '';
  #lastError: unknown;
  #retry: Timer | undefined;
  #isProbing = false;

  constructor(options: RedisLinkOptions) {
    this.#options = options;
    // The version of what is kept: processes that keep it otherwise must not see it.
    this.prefix = `${options.prefix}:1`;
    this.#messages = new Emitter(options.onError);
    this.#client = new Redis(options.url, {
      lazyConnect: true,
      commandTimeout: commandTimeoutMs,
      connectTimeout: connectTimeoutMs,
      enableOfflineQueue: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: null,
      retryStrategy: (attempt) => Math.min(50 * attempt, longestPauseMs),
      // A server that was made a replica: the address leads to another by now.
      reconnectOnError: (error) => error.message.startsWith('READONLY'),
    });
    this.#client.on('error', (error: unknown) => (this.#lastError = error));
    this.#client.on('ready', () => void this.#begin());
    this.#client.on('close', () => this.#lose());
    this.#client.on('message', (channel: string, text: string) => this.#messages.emit(channel, text));
  }

  /** Resolves when the link is up for the first time; rejects with a sentence when that takes too long. */
  async open(): Promise<void> {
    const timer = this.#options.clock.schedule(openWithinMs, () =>
      this.#opened.reject(
        new Error(`Redis at ${hostOf(this.#options.url)} does not answer: ${reasonOf(this.#lastError)}.`),
      ),
    );
    this.#client.connect().catch((error: unknown) => (this.#lastError = error));
    try {
      await this.#opened.promise;
    } catch (error) {
      this.close();
      throw error;
    } finally {
      timer.cancel();
    }
  }

  get isUp(): boolean {
    return this.#machine.state === 'up';
  }

  /** `task` is done whenever the link comes up, after those added before. */
  whenUp(task: (server: RedisServer) => Promise<void>): void {
    this.#tasks.push(task);
  }

  whenDown(listener: () => void): void {
    this.#downListeners.push(listener);
  }

  /**
   * Rejects with `unavailable` when Redis does not answer in time; it may have done it all the same. What is asked
   * later is done later: hence the whole text, since a digest that is not known would have to be asked twice.
   */
  run(script: string, ...args: (string | number)[]): Promise<unknown> {
    return this.ask((client) => client.eval(script, 1, this.prefix, ...args));
  }

  /** Rejects as `run` does. */
  async ask<Answer>(command: (client: Redis) => Promise<Answer>): Promise<Answer> {
    try {
      return await command(this.#client);
    } catch (error) {
      if (error instanceof Error && error.message === 'Command timed out') {
        this.#lastError = error;
        void this.#probe();
      }
      throw new ProtocolError('unavailable', 'The backplane does not answer.', {
        cause: error,
        retryAfterSeconds: 1,
      });
    }
  }

  key(name: string): string {
    return `${this.prefix}:${name}`;
  }

  /** Answers how many processes were told. */
  publish(channel: string, message: unknown): Promise<number> {
    return this.ask((client) => client.publish(this.key(channel), JSON.stringify(message)));
  }

  /** Hears what is published while the link is up. */
  subscribe(channel: string, listener: (text: string) => void): Disposable {
    const key = this.key(channel);
    const stop = this.#messages.on(key, listener);
    this.#channels.add(key);
    if (this.#client.status === 'ready') {
      // When it fails, the link goes down, and the channel is among those of the next connection.
      this.ask((client) => client.subscribe(key)).catch(() => {});
    }

    return () => {
      stop();
      this.#channels.delete(key);
      this.ask((client) => client.unsubscribe(key)).catch(() => {});
    };
  }

  /** Idempotent. */
  close(): void {
    if (this.#machine.canGo('closed')) {
      this.#machine.go('closed');
    }
    this.#retry?.cancel();
    this.#client.disconnect();
  }

  async #begin(): Promise<void> {
    const client = this.#client;
    try {
      if (this.#channels.size > 0) {
        await client.subscribe(...this.#channels);
      }
      const runId = /^run_id:(\S+)/m.exec(await client.info('server'))?.[1] ?? '';
      const server = { runId, isOther: this.#runId !== '' && this.#runId !== runId };
      for (const task of this.#tasks) {
        await task(server);
      }
      this.#runId = runId;
      // It may have been lost again meanwhile.
      if (client.status === 'ready' && this.#machine.canGo('up')) {
        this.#machine.go('up');
        this.#opened.resolve();
      }
    } catch (error) {
      this.#lastError = error;
      this.#reconnectLater();
    }
  }

  /**
   * Nobody knows when a server that is silent would answer, and a new connection does not wait behind that. Unless it was
   * this process that stood still.
   */
  async #probe(): Promise<void> {
    if (this.#isProbing) {
      return;
    }
    this.#isProbing = true;
    try {
      await this.#client.ping();
    } catch {
      this.#client.disconnect(true);
    } finally {
      this.#isProbing = false;
    }
  }

  #reconnectLater(): void {
    if (this.#machine.state !== 'closed') {
      this.#retry?.cancel();
      this.#retry = this.#options.clock.schedule(pauseAfterRefusalMs, () => this.#client.disconnect(true));
    }
  }

  #lose(): void {
    this.#retry?.cancel();
    if (this.#machine.state === 'up') {
      this.#machine.go('away');
      this.#options.onError(new Error(`Redis is away: ${reasonOf(this.#lastError)}.`));
      this.#downListeners.forEach((listener) => listener());
    }
  }
}

/** Without user and password. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'that URL';
}

function reasonOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : 'the connection was closed';
}
