import type { Clock } from '@parley/kit';
import {
  isCallNotification,
  protocolVersion,
  standardCallSettings,
  type AnswerEnvelope,
  type ConsumerInfo,
  type IceServer,
  type Joined,
  type Notification,
  type NotificationData,
  type NotificationName,
  type NumberedNotification,
  type ParticipantInfo,
  type RequestAnswer,
  type RequestData,
  type RequestEnvelope,
  type RequestName,
  type Resumed,
} from '@parley/protocol';
import { CallError } from '../errors.ts';
import type { OpenSocket, SocketHandlers, SocketOptions } from '../signaling/SocketPort.ts';

type Handler<Name extends RequestName> = (
  data: RequestData<Name>,
) => RequestAnswer<Name> | Promise<RequestAnswer<Name>>;

/** The server's end of the socket port: answers requests, and tells what the test has it tell. */
export class FakeServer {
  /** Those carried out; one that came again under its id was not. */
  readonly requests: { name: string; data: unknown }[] = [];
  /** The `auth` payload of every connection tried. */
  readonly connections: SocketOptions[] = [];
  /** Refuses the connections tried while it is set. */
  refusal: CallError | undefined;
  /** Welcomes nobody while it is set. */
  isSilent = false;
  /** Of what arrives while it is set nothing is carried out. */
  isDeaf = false;
  /** What arrives while it is set is carried out, and its answer gets lost. */
  isMute = false;
  displayName = 'Alice';
  /** Those of a connection; those of a call come with its transports. */
  iceServers: IceServer[] = [];
  tokenExpiresAtMs = 24 * 60 * 60_000;
  readonly #handlers = new Map<string, (data: never) => unknown>();
  readonly #waiting: { name: string; resolve: () => void }[] = [];
  readonly #answers = new Map<string, Promise<AnswerEnvelope>>();
  /** What each call's participant was told, by call id. */
  readonly #told = new Map<string, NumberedNotification[]>();
  #resumes = 0;
  #socket: SocketHandlers | undefined;

  constructor() {
    this.on('startCall', () => ({ ...joined('direct', 'ringing'), unreachable: [] }));
    this.on('joinRoom', () => joined('room', 'connected', [participant('bob')]));
    this.on('acceptCall', () => joined('direct', 'connected'));
    this.on('produce', ({ source }) => ({ producerId: `own-${source}` }));
    this.on('consume', ({ producerIds }) => ({ consumers: producerIds.map(consumerOf) }));
    this.on('resume', (data) => this.resumed(data));
    this.on('restartIce', () => ({ ice, iceServers: [{ urls: ['turn:restart.example'] }] }));
    this.on('startProbe', () => ({
      probeId: 'probe-1',
      media: { ...joined('room', 'connected').media, iceServers: this.iceServers },
    }));
    this.on('loopBack', ({ kind }) => ({ consumer: { ...consumerOf(`${kind}-back`), kind } }));
    this.on('refreshToken', () => ({ tokenExpiresAtMs: this.tokenExpiresAtMs }));
  }

  get isConnected(): boolean {
    return this.#socket !== undefined;
  }

  on<Name extends RequestName>(name: Name, handler: Handler<Name>): void {
    this.#handlers.set(name, handler);
  }

  /** Requests of one name so far. */
  asked<Name extends RequestName>(name: Name): RequestData<Name>[] {
    return this.requests.flatMap((request) =>
      request.name === name ? [request.data as RequestData<Name>] : [],
    );
  }

  /** Resolves with the first request of that name, at once when it has come already. */
  async whenAsked<Name extends RequestName>(name: Name): Promise<RequestData<Name>> {
    if (this.asked(name).length === 0) {
      await new Promise<void>((resolve) => this.#waiting.push({ name, resolve }));
    }
    const [data] = this.asked(name);
    if (data === undefined) {
      throw new Error(`${name} was not asked.`);
    }

    return data;
  }

  /** What concerns a call is numbered, and kept for a client that is not there. */
  notify<Name extends NotificationName>(name: Name, data: NotificationData<Name>): void {
    // The compiler cannot see that the data of a name makes a notification of that name.
    const notification = { name, data } as Notification;
    this.notifyRaw(isCallNotification(notification) ? this.#number(notification) : notification);
  }

  notifyRaw(notification: unknown): void {
    this.#socket?.onNotification(notification);
  }

  /** What was told gets lost on the way. */
  forgetToTell<Name extends NotificationName>(name: Name, data: NotificationData<Name>): void {
    this.#number({ name, data } as Notification);
  }

  /** How many notifications there were of that call. */
  sequenceOf(callId = 'call-1'): number {
    return this.#told.get(callId)?.length ?? 0;
  }

  /** The answer that leads back into the call, its media as it was. */
  resumed({ callId, sequence }: RequestData<'resume'>): Extract<Resumed, { action: 'resume' }> {
    this.#resumes += 1;

    return {
      action: 'resume',
      resumeToken: `resume-token-${this.#resumes}-of-${callId}`,
      iceServers: [{ urls: ['turn:resume.example'] }],
      missed: (this.#told.get(callId) ?? []).slice(sequence),
      sequence: this.sequenceOf(callId),
      ice,
    };
  }

  drop(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.onClosed();
  }

  readonly openSocket: OpenSocket = (options, handlers) => {
    this.connections.push(options);
    queueMicrotask(() => {
      if (this.refusal !== undefined) {
        handlers.onRefused(this.refusal);
      } else if (!this.isSilent) {
        this.#socket = handlers;
        this.notify('welcomed', {
          protocolVersion,
          identity: { userId: 'alice', displayName: this.displayName, kind: 'user' },
          endpointId: `endpoint-${this.connections.length}`,
          routerRtpCapabilities: {},
          iceServers: this.iceServers,
          tokenExpiresAtMs: this.tokenExpiresAtMs,
        });
      }
    });

    return {
      request: (request, acknowledge) => void this.#receive(request, handlers, acknowledge),
      close: () => {
        if (this.#socket === handlers) {
          this.#socket = undefined;
        }
      },
    };
  };

  async #receive(
    request: RequestEnvelope,
    socket: SocketHandlers,
    acknowledge: (answer: unknown) => void,
  ): Promise<void> {
    if (this.isDeaf) {
      return;
    }
    const { requestId } = request;
    const kept = requestId === undefined ? undefined : this.#answers.get(requestId);
    const answering = kept ?? this.#carryOut(request);
    if (requestId !== undefined) {
      this.#answers.set(requestId, answering);
    }
    const answer = await answering;
    if (socket === this.#socket && !this.isMute) {
      acknowledge(answer);
    }
  }

  async #carryOut({ name, data }: RequestEnvelope): Promise<AnswerEnvelope> {
    this.requests.push({ name, data });
    for (const waiting of this.#waiting.filter((one) => one.name === name)) {
      waiting.resolve();
    }
    try {
      // Each handler was registered for the data of its name.
      const answer = await this.#handlers.get(name)?.(data as never);

      return { ok: true, data: answer ?? {} };
    } catch (error) {
      if (!(error instanceof CallError)) {
        throw error;
      }

      const { code, message, retryAfterSeconds } = error;

      return {
        ok: false,
        error: {
          code,
          message,
          retryable: false,
          ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        },
      };
    }
  }

  #number(notification: Notification): NumberedNotification | Notification {
    if (!isCallNotification(notification)) {
      return notification;
    }
    const { callId } = notification.data;
    const told = this.#told.get(callId) ?? [];
    this.#told.set(callId, told);
    const numbered = { ...notification, sequence: told.length + 1 };
    told.push(numbered);

    return numbered;
  }
}

const iceParameters = { usernameFragment: 'u2', password: 'p2' };
const ice = { sendIceParameters: iceParameters, receiveIceParameters: iceParameters };

const transport = {
  iceParameters: { usernameFragment: 'u', password: 'p' },
  iceCandidates: [],
  dtlsParameters: { fingerprints: [] },
};

export function participant(
  name: string,
  state: ParticipantInfo['state'] = 'connected',
  producers: ParticipantInfo['producers'] = [],
): ParticipantInfo {
  return {
    id: `${name}-1`,
    identity: { userId: name, displayName: name, kind: 'user' },
    role: 'collaborator',
    state,
    isOnHold: false,
    producers,
  };
}

export function joined(
  kind: Joined['call']['kind'],
  state: Joined['call']['state'],
  others: ParticipantInfo[] = [participant('bob', state)],
): Joined {
  return {
    action: 'joined',
    participantId: 'alice-1',
    resumeToken: 'resume-token-0001',
    sequence: 0,
    call: {
      id: 'call-1',
      kind,
      state,
      settings: standardCallSettings,
      participants: [{ ...participant('alice'), role: 'presenter' }, ...others],
      speakers: [],
      spotlight: [],
      customData: {},
      chat: [],
      audioSlots: [],
    },
    media: {
      sendTransport: { ...transport, id: 'send-transport' },
      receiveTransport: { ...transport, id: 'receive-transport' },
      consumers: [],
      dataConsumers: [],
    },
  };
}

export function consumerOf(producerId: string): ConsumerInfo {
  return {
    id: `consumer-of-${producerId}`,
    producerId,
    kind: producerId.includes('mic') ? 'audio' : 'video',
    rtpParameters: {
      mid: `mid-of-${producerId}`,
      codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }],
    },
  };
}

/** Time that passes when the test says so. */
export class FakeClock implements Clock {
  #now = 0;
  #timers: { at: number; run: () => void }[] = [];

  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#now;
  }

  schedule(delayMs: number, callback: () => void): { cancel: () => void } {
    const timer = { at: this.#now + delayMs, run: callback };
    this.#timers.push(timer);

    return { cancel: () => void (this.#timers = this.#timers.filter((kept) => kept !== timer)) };
  }

  pass(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter(({ at }) => at <= this.#now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#now);
    for (const { run } of due) {
      run();
    }
  }
}
