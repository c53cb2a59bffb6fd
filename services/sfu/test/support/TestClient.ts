import { randomUUID } from 'node:crypto';
import {
  protocolVersion,
  requestTable,
  signalingPath,
  type AnswerEnvelope,
  type ErrorCode,
  type MediaOffer,
  type Notification,
  type NotificationData,
  type NotificationEnvelope,
  type NotificationName,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from '@parley/protocol';
import { io, type Socket } from 'socket.io-client';

/** Long enough for a loaded machine; a test that waits this long has failed. */
const patienceMs = 10_000;

interface Waiter {
  readonly name: NotificationName;
  readonly resolve: (data: never) => void;
}

export interface ConnectOptions {
  /** In place of what a client says of itself. */
  readonly auth?: unknown;
  /** By default one of its own. */
  readonly clientId?: string;
  readonly resumeTokens?: readonly string[];
  readonly origin?: string;
  readonly forwardedFor?: string;
}

/** A signaling client that speaks the protocol by hand, and wrongly if asked to. */
export class TestClient {
  readonly socket: Socket;
  /** What the server knows its retried requests by. */
  readonly clientId: string;
  readonly #unread: Notification[] = [];
  /** Of the last notification about each call. */
  readonly #sequences = new Map<string, number>();
  #waiters: Waiter[] = [];

  private constructor(socket: Socket, clientId: string) {
    this.socket = socket;
    this.clientId = clientId;
    socket.on('notification', (notification: NotificationEnvelope) => this.#receive(notification));
  }

  /** Resolves with a welcomed client; rejects with what `connect_error` carries. */
  static async connect(url: string, token: string, options: ConnectOptions = {}): Promise<TestClient> {
    const { clientId = randomUUID(), resumeTokens } = options;
    const socket = io(url, {
      path: signalingPath,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
      auth: (options.auth ?? { token, protocolVersion, clientId, resumeTokens }) as Record<string, unknown>,
      extraHeaders: {
        ...(options.origin === undefined ? {} : { origin: options.origin }),
        ...(options.forwardedFor === undefined ? {} : { 'x-forwarded-for': options.forwardedFor }),
      },
    });
    const client = new TestClient(socket, clientId);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', (error) => {
        socket.disconnect();
        reject(error);
      });
    });

    return client;
  }

  /** The client's half of entering a call, able to receive all that `welcomed` offers. */
  async offer(): Promise<MediaOffer> {
    const { routerRtpCapabilities } = await this.welcome();

    return { rtpCapabilities: routerRtpCapabilities, dtlsFingerprints: [fingerprint] };
  }

  #welcome: Promise<NotificationData<'welcomed'>> | undefined;

  welcome(): Promise<NotificationData<'welcomed'>> {
    return (this.#welcome ??= this.next('welcomed'));
  }

  /** Of the last notification about the call that arrived; 0 before the first. */
  sequenceOf(callId: string): number {
    return this.#sequences.get(callId) ?? 0;
  }

  /** The connection breaks: nobody says goodbye. */
  drop(): void {
    this.socket.io.engine.close();
  }

  /** The data of a successful answer, parsed by its schema. */
  async request<Name extends RequestName>(
    name: Name,
    data: RequestData<Name>,
    requestId?: string,
  ): Promise<RequestAnswer<Name>> {
    const answer = await this.send({ name, data, ...(requestId === undefined ? {} : { requestId }) });
    if (!answer.ok) {
      throw new Error(`${name} was answered ${answer.error.code}: ${answer.error.message}`);
    }

    return requestTable[name].answer.parse(answer.data) as RequestAnswer<Name>;
  }

  /** Enters a call; the test has failed when the client is not let in at once. */
  async enter<Name extends 'startCall' | 'joinRoom' | 'joinCall' | 'acceptCall'>(
    name: Name,
    data: RequestData<Name>,
    requestId?: string,
  ): Promise<Extract<RequestAnswer<Name>, { action: 'joined' }>> {
    const answer = await this.request(name, data, requestId);
    if (answer.action !== 'joined') {
      throw new Error(`${name} was answered ${answer.action}.`);
    }

    return answer as Extract<RequestAnswer<Name>, { action: 'joined' }>;
  }

  /** The code of an unsuccessful answer, or undefined when it was successful. */
  async refusal(request: unknown): Promise<ErrorCode | undefined> {
    const answer = await this.send(request);

    return answer.ok ? undefined : answer.error.code;
  }

  send(request: unknown): Promise<AnswerEnvelope> {
    return new Promise((resolve, reject) => {
      // Not `emitWithAck`: what is told after the answer may be read before its promise goes on.
      this.socket
        .timeout(patienceMs)
        .emit('request', request, (error: Error | null, answer: AnswerEnvelope) => {
          if (error === null) {
            this.#beginAnew(answer);
            resolve(answer);
          } else {
            reject(error);
          }
        });
    });
  }

  /** Who enters a call that they have left is numbered from the start. */
  #beginAnew(answer: AnswerEnvelope): void {
    const { action, call, sequence } = (answer.ok ? (answer.data ?? {}) : {}) as Partial<
      Extract<RequestAnswer<'joinRoom'>, { action: 'joined' }>
    >;
    if (
      action === 'joined' &&
      call !== undefined &&
      sequence !== undefined &&
      sequence < this.sequenceOf(call.id)
    ) {
      this.#sequences.delete(call.id);
    }
  }

  /** The next unread notification of that name, of which each is read once. */
  async next<Name extends NotificationName>(
    name: Name,
    withinMs = patienceMs,
  ): Promise<NotificationData<Name>> {
    const index = this.#unread.findIndex((notification) => notification.name === name);
    if (index >= 0) {
      return this.#unread.splice(index, 1)[0]?.data as NotificationData<Name>;
    }

    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name} did not come.`)), withinMs);
      this.#waiters.push({
        name,
        resolve: (data: NotificationData<Name>) => {
          clearTimeout(timer);
          resolve(data);
        },
      });
    });
  }

  /** Names of the notifications that arrived and were not read. */
  get unread(): NotificationName[] {
    return this.#unread.map(({ name }) => name);
  }

  disconnected(): Promise<void> {
    return new Promise((resolve) => {
      if (this.socket.connected) {
        this.socket.once('disconnect', () => resolve());
      } else {
        resolve();
      }
    });
  }

  #receive({ sequence, ...notification }: NotificationEnvelope): void {
    if (sequence !== undefined && 'callId' in notification.data) {
      const { callId } = notification.data;
      const last = this.#sequences.get(callId);
      if (last !== undefined && sequence !== last + 1) {
        throw new Error(`Notification ${sequence} of the call follows ${last}.`);
      }
      this.#sequences.set(callId, sequence);
    }
    const waiter = this.#waiters.find(({ name }) => name === notification.name);
    if (waiter === undefined) {
      this.#unread.push(notification);
    } else {
      this.#waiters = this.#waiters.filter((other) => other !== waiter);
      waiter.resolve(notification.data as never);
    }
  }
}

const fingerprint = {
  algorithm: 'sha-256',
  value: Array.from({ length: 32 }, (_, index) => (index + 16).toString(16)).join(':'),
} as const;
