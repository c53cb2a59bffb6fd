import { createDeferred, Disposer, type Clock, type Timer } from '@parley/kit';
import {
  answerEnvelopeSchema,
  notificationEnvelopeSchema,
  notificationTable,
  protocolVersion,
  requestTable,
  type Notification,
  type NotificationData,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from '@parley/protocol';
import { CallError, errorOfAnswer } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { OpenSocket, SocketPort } from './SocketPort.ts';

/** Longest wait for the `welcomed` of a new connection, and for an answer. */
const answerTimeoutMs = 10_000;

export type Welcome = NotificationData<'welcomed'>;

export interface RequestOptions<Name extends RequestName> {
  timeoutMs?: number;
  /** Called with an answer that came after its request had timed out, to undo what it says was done. */
  onLateAnswer?: (answer: RequestAnswer<Name>) => void;
}

export type Request = <Name extends RequestName>(
  name: Name,
  data: RequestData<Name>,
  options?: RequestOptions<Name>,
) => Promise<RequestAnswer<Name>>;

export interface ConnectionOptions {
  endpoint: string;
  token: string;
  clientId: string;
  openSocket: OpenSocket;
  clock: Clock;
  logger: Logger;
  /** Every notification but `welcomed` and `sessionEnded`. */
  onNotification: (notification: Notification) => void;
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
    const { endpoint, token, clientId, openSocket, clock } = options;
    this.#options = options;
    this.welcomed = this.#welcome.promise;
    this.#welcomeDeadline = clock.schedule(answerTimeoutMs, () => this.#fail(new CallError('timeout')));
    this.#cleanups.add(() => this.#welcomeDeadline.cancel());
    this.#socket = openSocket(
      { endpoint, auth: { token, protocolVersion, clientId } },
      {
        onRefused: (error) => this.#fail(error),
        onNotification: (raw) => this.#receive(raw),
        onClosed: () => this.#fail(undefined),
      },
    );
    this.#cleanups.add(() => this.#socket.close());
  }

  /** @throws CallError as the server answered; `unavailable` without a connection; `timeout`. */
  readonly request: Request = (name, data, options = {}) => {
    if (this.#phase !== 'open') {
      return Promise.reject(notConnected());
    }
    const answered = createDeferred<RequestAnswer<typeof name>>();
    const { timeoutMs = answerTimeoutMs, onLateAnswer } = options;
    const timer = this.#options.clock.schedule(timeoutMs, () => fail(new CallError('timeout')));
    const fail = (error: CallError): void => {
      timer.cancel();
      this.#pending.delete(fail);
      answered.reject(error);
    };
    this.#pending.add(fail);
    this.#socket.request({ name, data }, (raw) => {
      const answer = parseAnswer(name, raw);
      const isLate = !this.#pending.has(fail);
      if (answer instanceof CallError) {
        fail(answer);
      } else if (isLate) {
        onLateAnswer?.(answer);
      } else {
        timer.cancel();
        this.#pending.delete(fail);
        answered.resolve(answer);
      }
    });

    return answered.promise;
  };

  /** Idempotent; what is pending fails with `unavailable`. */
  close(): void {
    if (this.#phase === 'closed') {
      return;
    }
    this.#phase = 'closed';
    this.#cleanups.dispose();
    const error = notConnected();
    for (const fail of this.#pending) {
      fail(error);
    }
    this.#welcome.reject(error);
  }

  #fail(reason: CallError | undefined): void {
    const phase = this.#phase;
    if (phase === 'opening') {
      this.#welcome.reject(reason ?? notConnected());
    }
    this.close();
    if (phase === 'open') {
      this.#options.onClosed(reason);
    }
  }

  #receive(raw: unknown): void {
    const notification = parseNotification(raw);
    if (notification === undefined) {
      this.#options.logger.debug('A notification was not understood and is ignored.');
    } else if (notification.name === 'sessionEnded') {
      this.#fail(new CallError(notification.data.code, notification.data.message));
    } else if (notification.name === 'welcomed') {
      if (this.#phase === 'opening') {
        this.#phase = 'open';
        this.#welcomeDeadline.cancel();
        this.#welcome.resolve(notification.data);
      }
    } else if (this.#phase === 'open') {
      this.#options.onNotification(notification);
    }
  }
}

export function notConnected(): CallError {
  return new CallError('unavailable', 'There is no connection to the server.');
}

function parseNotification(raw: unknown): Notification | undefined {
  const envelope = notificationEnvelopeSchema.safeParse(raw);
  if (!envelope.success || !isNotificationName(envelope.data.name)) {
    return undefined;
  }
  const { name } = envelope.data;
  const data = notificationTable[name].safeParse(envelope.data.data);

  // The compiler cannot see that the schema looked up by this name makes the data of this name.
  return data.success ? ({ name, data: data.data } as Notification) : undefined;
}

function isNotificationName(name: string): name is keyof typeof notificationTable {
  return Object.hasOwn(notificationTable, name);
}

function parseAnswer<Name extends RequestName>(name: Name, raw: unknown): RequestAnswer<Name> | CallError {
  const envelope = answerEnvelopeSchema.safeParse(raw);
  if (!envelope.success) {
    return malformedAnswer(name);
  }
  if (!envelope.data.ok) {
    return errorOfAnswer(envelope.data.error);
  }
  const answer = requestTable[name].answer.safeParse(envelope.data.data);

  // The compiler cannot see that the schema looked up by this name makes the answer of this name.
  return answer.success ? (answer.data as RequestAnswer<Name>) : malformedAnswer(name);
}

function malformedAnswer(name: RequestName): CallError {
  return new CallError('internal', `The server's answer to ${name} does not match its schema.`);
}
