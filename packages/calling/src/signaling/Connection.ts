import { createDeferred, Disposer, type Clock, type Timer } from '@parley/kit';
import type { ConnectAuth, NotificationData, RequestAnswer } from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { LogDetails, Logger } from '../logger.ts';
import { answerTimeoutMs, NoAnswerError, NotConnectedError, type Request } from './request.ts';
import type { OpenSocket, SocketPort } from './SocketPort.ts';
import { isNumbered, readAnswer, readNotification, type Heard } from './wire.ts';

export type Welcome = NotificationData<'welcomed'>;

export interface ConnectionOptions {
  endpoint: string;
  auth: ConnectAuth;
  openSocket: OpenSocket;
  clock: Clock;
  logger: Logger;
  /** In the turn in which the server says so: what follows in the same one is told to somebody who knows of it. */
  onWelcomed: (welcome: Welcome) => void;
  /** Every notification but `welcomed` and `sessionEnded`. */
  onNotification: (heard: Heard) => void;
  /** The connection was `welcomed` and is over; `reason` is what `sessionEnded` said. */
  onClosed: (reason: CallError | undefined) => void;
}

/** The life of one socket: requests with their answers, and notifications parsed by the protocol's schemas. */
export class Connection {
  /** Rejects when the server refuses, cannot be reached or says nothing. */
  readonly welcomed: Promise<Welcome>;
  readonly #options: ConnectionOptions;
  readonly #socket: SocketPort;
  readonly #welcome = createDeferred<Welcome>();
  readonly #welcomeDeadline: Timer;
  readonly #pending = new Set<(error: CallError) => void>();
  readonly #cleanups = new Disposer();
  #phase: 'opening' | 'open' | 'closed' = 'opening';

  constructor(options: ConnectionOptions) {
    const { endpoint, auth, openSocket, clock } = options;
    this.#options = options;
    this.welcomed = this.#welcome.promise;
    this.#welcomeDeadline = clock.schedule(answerTimeoutMs, () => this.#fail(new NoAnswerError()));
    this.#cleanups.add(() => this.#welcomeDeadline.cancel());
    this.#socket = openSocket(
      { endpoint, auth },
      {
        onRefused: (error) => this.#fail(error),
        onNotification: (raw) => this.#receive(raw),
        onClosed: () => this.#fail(undefined),
      },
    );
    this.#cleanups.add(() => this.#socket.close());
  }

  /** @throws CallError as the server answered; `timeout`; `NotConnectedError`. */
  readonly request: Request = (name, data, options = {}) => {
    if (this.#phase !== 'open') {
      return Promise.reject(new NotConnectedError());
    }
    const answered = createDeferred<RequestAnswer<typeof name>>();
    const { timeoutMs = answerTimeoutMs, requestId, onLateAnswer } = options;
    const timer = this.#options.clock.schedule(timeoutMs, () => fail(new NoAnswerError()));
    const { logger } = this.#options;
    const fail = (error: CallError): void => {
      logger.debug('request failed', { request: name, code: error.code });
      timer.cancel();
      this.#pending.delete(fail);
      answered.reject(error);
    };
    this.#pending.add(fail);
    const envelope = { name, data, ...(requestId === undefined ? {} : { requestId }) };
    this.#socket.request(envelope, (raw) => {
      const answer = readAnswer(name, raw);
      const isLate = !this.#pending.has(fail);
      if (answer instanceof CallError) {
        fail(answer);
      } else if (isLate) {
        onLateAnswer?.(answer);
      } else {
        logger.debug('request answered', { request: name });
        timer.cancel();
        this.#pending.delete(fail);
        answered.resolve(answer);
      }
    });

    return answered.promise;
  };

  /** Nothing more can come of it, though nobody has closed it: as if the socket had been lost. */
  giveUp(): void {
    this.#fail(undefined);
  }

  /** Idempotent; what is pending fails with `NotConnectedError`. */
  close(): void {
    if (this.#phase === 'closed') {
      return;
    }
    this.#phase = 'closed';
    this.#cleanups.dispose();
    const error = new NotConnectedError();
    for (const fail of this.#pending) {
      fail(error);
    }
    this.#welcome.reject(error);
  }

  #fail(reason: CallError | undefined): void {
    const phase = this.#phase;
    if (phase === 'opening') {
      this.#welcome.reject(reason ?? new NotConnectedError());
    }
    this.close();
    if (phase === 'open') {
      this.#options.onClosed(reason);
    }
  }

  #receive(raw: unknown): void {
    const heard = readNotification(raw);
    const { logger } = this.#options;
    if (heard === undefined) {
      logger.debug('notification not understood');

      return;
    }
    logger.debug('notification', detailsOf(heard));
    if (!isNumbered(heard) && heard.name === 'sessionEnded') {
      this.#fail(new CallError(heard.data.code, heard.data.message));
    } else if (!isNumbered(heard) && heard.name === 'welcomed') {
      if (this.#phase === 'opening') {
        this.#phase = 'open';
        this.#welcomeDeadline.cancel();
        this.#welcome.resolve(heard.data);
        this.#options.onWelcomed(heard.data);
      }
    } else if (this.#phase === 'open') {
      this.#options.onNotification(heard);
    }
  }
}

function detailsOf(heard: Heard): LogDetails {
  if (!isNumbered(heard)) {
    return { notification: heard.name };
  }
  const { callId, sequence, content } = heard;

  return { callId, sequence, notification: typeof content === 'string' ? content : content.name };
}
