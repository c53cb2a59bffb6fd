import {
  createStateMachine,
  exponentialBackoff,
  retry,
  type Clock,
  type RetryPolicy,
  type Timer,
} from '@parley/kit';
import type { ErrorCode, Notification } from '@parley/protocol';
import { CallError, toCallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { Logger } from '../logger.ts';
import { Connection, notConnected, type Request, type Welcome } from './Connection.ts';
import type { OpenSocket } from './SocketPort.ts';
import type { TokenSource } from './TokenSource.ts';

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

export type SignalingState = keyof typeof transitions;

export type SignalingEvents = {
  stateChanged: [];
  /** On every connection, before anything else of it. */
  welcomed: [Welcome];
  notification: [Notification];
  /** The connection is gone, and with it every call that ran over it. */
  lost: [CallError];
};

/** The same token, or one from the same source, would be refused again. */
const finalCodes: ReadonlySet<ErrorCode> = new Set(['token_revoked', 'forbidden', 'protocol_mismatch']);
const refusedTokenCodes: ReadonlySet<ErrorCode> = new Set(['token_expired', 'unauthenticated']);

/** A token that was refused is replaced once; nothing else is tried again while an application waits. */
const firstPolicy: RetryPolicy = exponentialBackoff({ attempts: 2, firstDelayMs: 0, maxDelayMs: 0 });
const reconnectPolicy: RetryPolicy = exponentialBackoff({
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 500,
  maxDelayMs: 10_000,
});

export interface SignalingOptions {
  endpoint: string;
  tokens: TokenSource;
  openSocket: OpenSocket;
  clock: Clock;
  logger: Logger;
}

/** A connection to the server that comes back by itself, with a fresh token when the old one has run out. */
export class SignalingClient extends EventSource<SignalingEvents> {
  readonly #options: SignalingOptions;
  readonly #machine = createStateMachine<SignalingState>({
    name: 'signaling',
    initial: 'connecting',
    transitions,
    onChange: (to, from) => this.#options.logger.info('signaling state changed', { from, to }),
  });
  readonly #clientId = crypto.randomUUID();
  #connection: Connection | undefined;
  #endReason: CallError | undefined;
  #retryTimer: Timer | undefined;

  constructor(options: SignalingOptions) {
    super();
    this.#options = options;
  }

  get state(): SignalingState {
    return this.#machine.state;
  }

  /** Why the client has ended, unless it was closed from this side. */
  get endReason(): CallError | undefined {
    return this.#endReason;
  }

  /** The first connection: one try, and one more when a refused token can be replaced. */
  async open(): Promise<Welcome> {
    try {
      return await retry(() => this.#connect(), {
        policy: firstPolicy,
        isRetryable: (error) => this.#options.tokens.canRefresh && isRefusedToken(error),
        clock: this.#retryClock(),
      });
    } catch (error) {
      this.#end(toCallError(error));
      throw error;
    }
  }

  readonly request: Request = (name, data, options) =>
    this.#connection === undefined
      ? Promise.reject(notConnected())
      : this.#connection.request(name, data, options);

  /** Idempotent. */
  close(): void {
    this.#end(undefined);
  }

  async #connect(): Promise<Welcome> {
    const { tokens, endpoint, openSocket, clock, logger } = this.#options;
    const token = await tokens.getToken();
    if (this.#machine.state === 'ended') {
      throw notConnected();
    }
    const connection = new Connection({
      endpoint,
      token,
      clientId: this.#clientId,
      openSocket,
      clock,
      logger,
      onNotification: (notification) => this.emit('notification', notification),
      onClosed: (reason) => this.#lose(reason ?? notConnected()),
    });
    this.#connection = connection;
    try {
      const welcome = await connection.welcomed;
      this.#machine.go('connected');
      this.emit('welcomed', welcome);
      this.emit('stateChanged');

      return welcome;
    } catch (error) {
      if (isRefusedToken(error)) {
        tokens.discard(token);
      }
      throw error;
    }
  }

  #lose(reason: CallError): void {
    this.#connection = undefined;
    if (this.#isFinal(reason)) {
      this.#end(reason);

      return;
    }
    this.#machine.go('connecting');
    this.emit('stateChanged');
    this.emit('lost', reason);
    void this.#reconnect();
  }

  async #reconnect(): Promise<void> {
    try {
      await retry(() => this.#connect(), {
        policy: reconnectPolicy,
        isRetryable: (error) => this.#machine.state !== 'ended' && !this.#isFinal(error),
        clock: this.#retryClock(),
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
    this.#retryTimer?.cancel();
    this.#endReason = reason;
    this.#machine.go('ended');
    this.#connection?.close();
    this.#connection = undefined;
    this.emit('stateChanged');
    this.emit('lost', reason ?? notConnected());
  }

  /** Remembers the timer of the pause between two tries, so that `close()` leaves none behind. */
  #retryClock(): Clock {
    const { clock } = this.#options;

    return {
      now: () => clock.now(),
      schedule: (delayMs, callback) => {
        this.#retryTimer = clock.schedule(delayMs, callback);

        return this.#retryTimer;
      },
    };
  }
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof CallError && refusedTokenCodes.has(error.code);
}
