import {
  createStateMachine,
  exponentialBackoff,
  InterruptibleClock,
  retry,
  type Clock,
  type RetryPolicy,
} from '@parley/kit';
import { protocolVersion, type ErrorCode } from '@parley/protocol';
import type { Automatic } from '../automatic.ts';
import { CallError, toCallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { Logger } from '../logger.ts';
import { Connection, type Welcome } from './Connection.ts';
import { untilConnected } from './reconnectDelays.ts';
import { NotConnectedError, type Request } from './request.ts';
import type { OpenSocket } from './SocketPort.ts';
import { TokenKeeper } from './TokenKeeper.ts';
import type { TokenSource } from './TokenSource.ts';
import { isNumbered, type Heard } from './wire.ts';

/*
 *               welcomed
 *   connecting ──────────▶ connected
 *     │    ▲                 │    │
 *     │    └──── lost ───────┘    │ session ended for good, close()
 *     │                           ▼
 *     └── refused, close() ────▶ ended
 */
const transitions = {
  connecting: ['connected', 'ended'],
  connected: ['connecting', 'ended'],
  ended: [],
} as const;

export type LinkState = keyof typeof transitions;

export type LinkEvents = {
  /** One more try has failed. */
  triedInVain: [];
  stateChanged: [];
  /** On every connection, before anything else of it. */
  welcomed: [Welcome];
  notification: [Heard];
  /** The connection is gone, and is being made again. */
  lost: [CallError];
  /** For good; without an error from this side. */
  ended: [CallError | undefined];
};

/** The same token, or one from the same source, would be refused again. */
const finalCodes: ReadonlySet<ErrorCode> = new Set(['token_revoked', 'forbidden', 'protocol_mismatch']);
const refusedTokenCodes: ReadonlySet<ErrorCode> = new Set(['token_expired', 'unauthenticated']);

/** A token that was refused is replaced once; nothing else is tried again while an application waits. */
const firstPolicy: RetryPolicy = exponentialBackoff({ attempts: 2, firstDelayMs: 0, maxDelayMs: 0 });

/** A connection lost before it was this old counts as a try that has failed: a server may welcome and close at once. */
const lastingMs = 5_000;

/** So long at least nothing is tried after `too_many_requests`. */
const tooManyPauseMs = 5_000;

export interface LinkOptions {
  /** The server's public URL. */
  endpoint: string;
  clientId: string;
  tokens: TokenSource;
  openSocket: OpenSocket;
  automatic: Automatic;
  clock: Clock;
  logger: Logger;
  /** Of the places that are to be resumed over the next connection. */
  resumeTokens: () => string[];
}

/** A connection to one server that comes back by itself, and whose token is replaced before it runs out. */
export class ServerLink extends EventSource<LinkEvents> {
  readonly #options: LinkOptions;
  readonly #machine = createStateMachine<LinkState>({
    name: 'link',
    initial: 'connecting',
    transitions,
    onChange: (to, from) => this.#options.logger.info('signaling state changed', { from, to }),
  });
  readonly #keeper: TokenKeeper;
  /** Of the pauses between two tries. */
  readonly #pauses: InterruptibleClock;
  #connection: Connection | undefined;
  /** The last one a server has not refused. */
  #token: string | undefined;
  #reason: CallError | undefined;
  #welcome: Welcome | undefined;
  #connectionCount = 0;
  #connectedAtMs = 0;
  /** Tries that have failed since a connection lasted, or since the network was another than before. */
  #failures = 0;

  constructor(options: LinkOptions) {
    super();
    const { tokens, automatic, clock, logger } = options;
    this.#options = options;
    this.#pauses = new InterruptibleClock(clock);
    this.#keeper = new TokenKeeper({
      tokens,
      send: async (token) => {
        const answer = await this.request('refreshToken', { token });
        this.#token = token;

        return answer;
      },
      refreshProactively: automatic.refreshProactively,
      clock,
      logger,
    });
  }

  get endpoint(): string {
    return this.#options.endpoint;
  }

  get state(): LinkState {
    return this.#machine.state;
  }

  /** What the server said at the beginning of the latest connection; undefined before the first. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  /** Why there is no connection; undefined while there is one, and after `close()`. */
  get reason(): CallError | undefined {
    return this.#reason;
  }

  /** How many connections there have been: tells them apart. */
  get connectionCount(): number {
    return this.#connectionCount;
  }

  /** The first connection: one try, and one more when a refused token can be replaced. */
  async open(): Promise<Welcome> {
    try {
      const welcome = await retry(() => this.#connect(), {
        policy: firstPolicy,
        isRetryable: (error) => this.#options.tokens.canRefresh && isRefusedToken(error),
        clock: this.#pauses,
      });
      // The server may welcome and end for good in one turn.
      if (this.#machine.state === 'ended') {
        throw this.#reason ?? new NotConnectedError();
      }

      return welcome;
    } catch (error) {
      this.#end(toCallError(error));
      throw error;
    }
  }

  /** The first connection, for whose `welcomed` somebody waits as long as it takes. */
  openPatiently(): void {
    void this.#reconnect();
  }

  /** Over the present connection or not at all: nothing is kept here to be sent later. */
  readonly request: Request = (name, data, options) =>
    this.#connection === undefined
      ? Promise.reject(new NotConnectedError())
      : this.#connection.request(name, data, options);

  /**
   * The network has changed: a try that was to come later is made now, and should it come too early, the next one
   * soon. Those that failed before were made over another network, or none.
   */
  hurry(): void {
    this.#failures = 0;
    this.#pauses.interrupt();
  }

  /** The server does not answer over the present connection any more. */
  giveUpConnection(): void {
    this.#connection?.giveUp();
  }

  /** Idempotent. */
  close(): void {
    this.#end(undefined);
  }

  async #connect(): Promise<Welcome> {
    const { tokens, endpoint, clientId, openSocket, clock, logger } = this.#options;
    const resumeTokens = this.#options.resumeTokens();
    // To come back to a call the present token is good enough, even one that has run out.
    const token = (resumeTokens.length > 0 ? this.#token : undefined) ?? (await tokens.getToken());
    if (this.#machine.state === 'ended') {
      throw new NotConnectedError();
    }
    const connection = new Connection({
      endpoint,
      auth: { token, protocolVersion, clientId, ...(resumeTokens.length > 0 ? { resumeTokens } : {}) },
      openSocket,
      clock,
      logger,
      onWelcomed: (welcome) => this.#welcomed(token, welcome),
      onNotification: (heard) => this.#hear(heard),
      onClosed: (reason) => this.#lose(reason ?? new NotConnectedError()),
    });
    this.#connection = connection;
    try {
      return await connection.welcomed;
    } catch (error) {
      this.#reason = toCallError(error);
      this.emit('triedInVain');
      if (isRefusedToken(error)) {
        this.#token = undefined;
        tokens.discard(token);
      }
      throw error;
    }
  }

  #welcomed(token: string, welcome: Welcome): void {
    this.#welcome = welcome;
    this.#token = token;
    this.#reason = undefined;
    this.#connectionCount += 1;
    this.#connectedAtMs = this.#options.clock.now();
    this.#keeper.keep(token, welcome.tokenExpiresAtMs);
    this.#machine.go('connected');
    this.emit('welcomed', welcome);
    this.emit('stateChanged');
  }

  #hear(heard: Heard): void {
    if (!isNumbered(heard) && heard.name === 'tokenExpired') {
      this.#keeper.expired();
    } else {
      this.emit('notification', heard);
    }
  }

  #lose(reason: CallError): void {
    this.#connection = undefined;
    this.#keeper.stop();
    if (this.#isFinal(reason) || !this.#options.automatic.reconnect) {
      this.#end(reason);

      return;
    }
    this.#reason = reason;
    this.#machine.go('connecting');
    this.emit('stateChanged');
    this.emit('lost', reason);
    // The first one was not made in a row of tries.
    const isShort = this.#connectionCount > 1 && this.#options.clock.now() - this.#connectedAtMs < lastingMs;
    if (!isShort) {
      this.#failures = 0;
    }
    void this.#reconnect(isShort || pauseAfter(reason) > 0 ? reason : undefined);
  }

  /** @param failed Why the connection before counts as a try; otherwise the first one is made at once. */
  async #reconnect(failed?: CallError): Promise<void> {
    try {
      await retry((attempt) => (attempt === 1 && failed ? Promise.reject(failed) : this.#connect()), {
        policy: () =>
          this.#options.automatic.reconnect ? untilConnected((this.#failures += 1) + 1) : undefined,
        isRetryable: (error) => this.#machine.state !== 'ended' && !this.#isFinal(error),
        leastDelayMs: pauseAfter,
        clock: this.#pauses,
      });
    } catch (error) {
      this.#end(toCallError(error));
    }
  }

  #isFinal(error: unknown): boolean {
    return (
      error instanceof CallError &&
      (finalCodes.has(error.code) || (isRefusedToken(error) && !this.#options.tokens.canRefresh))
    );
  }

  #end(reason: CallError | undefined): void {
    if (this.#machine.state === 'ended') {
      return;
    }
    this.#reason = reason;
    this.#machine.go('ended');
    this.#pauses.interrupt();
    this.#keeper.stop();
    this.#connection?.close();
    this.#connection = undefined;
    this.emit('stateChanged');
    this.emit('ended', reason);
  }
}

function pauseAfter(error: unknown): number {
  return error instanceof CallError && error.code === 'too_many_requests' ? tooManyPauseMs : 0;
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof CallError && refusedTokenCodes.has(error.code);
}
