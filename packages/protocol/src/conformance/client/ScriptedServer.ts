import { standardCallSettings } from '../../callSettings.ts';
import type { CallSnapshot, ParticipantInfo } from '../../signaling/call.ts';
import type { MediaParameters } from '../../signaling/media.ts';
import type { Joined } from '../../signaling/place.ts';
import {
  requestTable,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from '../../signaling/requests.ts';
import { connectAuthSchema, requestEnvelopeSchema, type ConnectAuth } from '../../signaling/socket.ts';
import { protocolVersion } from '../../version.ts';
import { expectThat, NonConformance } from '../expectations.ts';
import type { AcceptConnection, ClientDriver, ClientSocket } from './ClientDriver.ts';

export const callId = 'call-1';
const ownId = 'participant-own';
export const firstToken = 'resume-token-number-one';

/** One request of the client. */
export interface Asked {
  readonly name: RequestName;
  readonly data: unknown;
  readonly requestId: string | undefined;
  /** Of the connection that it came over, counted from 1. */
  readonly connection: number;
  answer(data: unknown): void;
}

/** Answers that no case is about. */
const usualAnswers: Partial<Record<RequestName, (data: never) => object>> = {
  produce: ({ source }: RequestData<'produce'>) => ({ producerId: `own-${source}` }),
  produceData: ({ channel }: RequestData<'produceData'>) => ({ dataProducerId: `own-${channel}` }),
  consume: () => ({ consumers: [] }),
};

/** A server that says what a case has it say, and watches that what the client asks matches its schema. */
export class ScriptedServer {
  readonly #driver: ClientDriver;
  readonly #sockets: ClientSocket[] = [];
  readonly auths: ConnectAuth[] = [];
  readonly asked: Asked[] = [];
  /** Requests of these names wait for the case to answer them. */
  readonly held = new Set<RequestName>();
  readonly #handlers = new Map<RequestName, (data: never) => unknown>();
  /** Of the last numbered notification. */
  sequence = 0;
  /** What the client has done that the protocol does not allow, where nobody was there to be told. */
  #fault: NonConformance | undefined;

  constructor(driver: ClientDriver) {
    this.#driver = driver;
    this.on('joinRoom', () => this.joined());
  }

  readonly accept: AcceptConnection = (socket) => {
    this.#sockets.push(socket);
    const connection = this.#sockets.length;
    const auth = connectAuthSchema.safeParse(socket.auth);
    if (auth.success) {
      this.auths.push(auth.data);
    } else {
      this.#blame('The payload of the connection matches its schema');
    }
    // Who is welcomed may ask in the same turn, and then has to have been told whom.
    void Promise.resolve().then(() => this.#welcome(socket));

    return (envelope, acknowledge) => this.#take(envelope, connection, acknowledge);
  };

  get connections(): number {
    return this.#sockets.length;
  }

  get urls(): string[] {
    return this.#sockets.map(({ url }) => url);
  }

  on<Name extends RequestName>(name: Name, handler: (data: RequestData<Name>) => RequestAnswer<Name>): void {
    this.#handlers.set(name, handler);
  }

  /** The client's latest connection breaks. */
  cut(): void {
    this.#sockets.at(-1)?.cut();
  }

  /** Over the latest connection, with the next number. */
  tell(name: string, data: object): void {
    this.sequence += 1;
    this.tellRaw({ name, data: { callId, ...data }, sequence: this.sequence });
  }

  tellRaw(envelope: unknown): void {
    this.#sockets.at(-1)?.notify(envelope);
  }

  /** Resolves with the latest request of that name, when there are so many. */
  async whenAsked(name: RequestName, times = 1): Promise<Asked> {
    await this.#driver.until(() => this.askedFor(name).length >= times || this.#fault !== undefined);
    this.requireConformance();
    const latest = this.askedFor(name).at(-1);
    expectThat(latest !== undefined, `${name} is asked`);

    return latest;
  }

  askedFor(name: RequestName): Asked[] {
    return this.asked.filter((asked) => asked.name === name);
  }

  /** Throws what the client did wrong, if it has. */
  requireConformance(): void {
    if (this.#fault !== undefined) {
      throw this.#fault;
    }
  }

  snapshot(...others: readonly string[]): CallSnapshot {
    return {
      id: callId,
      kind: 'room',
      state: 'connected',
      roomId: 'room-1',
      settings: standardCallSettings,
      roomRules: { attendeesMayShare: true },
      participants: [participant(ownId), ...others.map((id) => participant(id))],
      speakers: [],
      spotlight: [],
      customData: {},
      chat: [],
      audioSlots: [],
    };
  }

  joined(...others: readonly string[]): Joined {
    return {
      action: 'joined',
      participantId: ownId,
      resumeToken: firstToken,
      sequence: this.sequence,
      call: this.snapshot(...others),
      media: this.#driver.media,
    };
  }

  /** What every answer to `resume` has, with the token for the next time. */
  caughtUp(resumeToken: string) {
    const { iceParameters } = this.#driver.media.sendTransport;

    return {
      action: 'resume' as const,
      resumeToken,
      iceServers: [],
      missed: [],
      sequence: this.sequence,
      ice: { sendIceParameters: iceParameters, receiveIceParameters: iceParameters },
    };
  }

  /** Transports that are others than those before. */
  newMedia(): MediaParameters {
    const { media } = this.#driver;

    return {
      ...media,
      sendTransport: { ...media.sendTransport, id: 'another-send-transport' },
      receiveTransport: { ...media.receiveTransport, id: 'another-receive-transport' },
    };
  }

  #welcome(socket: ClientSocket): void {
    socket.notify({
      name: 'welcomed',
      data: {
        protocolVersion,
        identity: { userId: 'own', displayName: 'Own', kind: 'user' },
        endpointId: `endpoint-${this.#sockets.length}`,
        routerRtpCapabilities: this.#driver.routerRtpCapabilities,
        iceServers: [],
        tokenExpiresAtMs: Number.MAX_SAFE_INTEGER,
      },
    });
  }

  #take(envelope: unknown, connection: number, acknowledge: (answer: unknown) => void): void {
    const parsed = requestEnvelopeSchema.safeParse(envelope);
    const name = parsed.success ? (parsed.data.name as RequestName) : undefined;
    if (!parsed.success || name === undefined || !Object.hasOwn(requestTable, name)) {
      this.#blame('A request is an envelope with a name of the table');

      return;
    }
    if (!requestTable[name].data.safeParse(parsed.data.data).success) {
      this.#blame(`The data of ${name} match their schema`);
    }
    const { data, requestId } = parsed.data;
    const answer = (answered: unknown): void => acknowledge({ ok: true, data: answered });
    this.asked.push({ name, data, requestId, connection, answer });
    if (!this.held.has(name)) {
      const handler = this.#handlers.get(name) ?? usualAnswers[name];
      answer(handler?.(data as never) ?? {});
    }
  }

  #blame(promise: string): void {
    this.#fault ??= new NonConformance(promise);
  }
}

export function participant(id: string): ParticipantInfo {
  return {
    id,
    identity: { userId: `user-of-${id}`, displayName: id, kind: 'user' },
    role: 'presenter',
    state: 'connected',
    isOnHold: false,
    producers: [],
  };
}
