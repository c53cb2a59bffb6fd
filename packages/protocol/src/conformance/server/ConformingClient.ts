import type { ErrorCode } from '../../errors.ts';
import {
  isCallNotification,
  notificationTable,
  type Notification,
  type NotificationData,
  type NotificationName,
} from '../../signaling/notifications.ts';
import {
  requestTable,
  type RequestAnswer,
  type RequestData,
  type RequestName,
} from '../../signaling/requests.ts';
import { answerEnvelopeSchema, notificationEnvelopeSchema } from '../../signaling/socket.ts';
import { expectSame, expectThat } from '../expectations.ts';
import type { ConnectOptions, ServerConnection, ServerDriver } from './ServerDriver.ts';

export type Entered<Name extends RequestName> = Extract<RequestAnswer<Name>, { action: 'joined' }>;

type EnteringRequest = 'startCall' | 'joinRoom' | 'joinCall' | 'acceptCall';

/**
 * A client that does what the protocol says, and watches that the server does: every answer and notification has to match
 * its schema, and the notifications about a call have to be numbered without a gap.
 */
export class ConformingClient {
  readonly userId: string;
  readonly #driver: ServerDriver;
  readonly #connection: ServerConnection;
  readonly #unread: Notification[] = [];
  /** Of the last notification of each call. */
  readonly #sequences = new Map<string, number>();

  private constructor(userId: string, driver: ServerDriver, connection: ServerConnection) {
    this.userId = userId;
    this.#driver = driver;
    this.#connection = connection;
  }

  /** Resolves with a welcomed client. */
  static async connect(
    driver: ServerDriver,
    userId: string,
    options: ConnectOptions = {},
  ): Promise<ConformingClient> {
    const client = new ConformingClient(userId, driver, await driver.connect(userId, options));
    const first = await client.#read();
    expectSame(first.name, 'welcomed', 'The first notification is welcomed');

    return client;
  }

  sequenceOf(callId: string): number {
    return this.#sequences.get(callId) ?? 0;
  }

  /** The answer's data. Fails when the request is refused. */
  async request<Name extends RequestName>(
    name: Name,
    data: RequestData<Name>,
    requestId?: string,
  ): Promise<RequestAnswer<Name>> {
    const answer = await this.#ask({ name, data, ...(requestId === undefined ? {} : { requestId }) });
    expectThat(
      answer.ok,
      `${name} is carried out${answer.ok ? '' : `, and not refused with ${answer.error.code}`}`,
    );
    const parsed = requestTable[name].answer.safeParse(answer.data);
    expectThat(parsed.success, `The answer to ${name} matches its schema`);

    return parsed.data as RequestAnswer<Name>;
  }

  /** The code of the refusal. Fails when the request is carried out. */
  async refusal(envelope: unknown): Promise<ErrorCode> {
    const answer = await this.#ask(envelope);
    expectThat(!answer.ok, `${nameOf(envelope)} is refused`);

    return answer.error.code;
  }

  async enter<Name extends EnteringRequest>(
    name: Name,
    data: Omit<RequestData<Name>, 'media'>,
    requestId?: string,
  ): Promise<Entered<Name>> {
    const full = { ...data, media: this.#driver.offer() } as RequestData<Name>;
    const answer = await this.request(name, full, requestId);
    expectSame(answer.action, 'joined', `${name} lets in`);
    const joined = answer as Entered<Name>;
    this.#sequences.set(joined.call.id, joined.sequence);

    return joined;
  }

  /** Comes back to the place, over this connection, having heard of everything up to `sequence`. */
  async resume(callId: string, resumeToken: string, sequence: number): Promise<RequestAnswer<'resume'>> {
    const answer = await this.request('resume', { callId, resumeToken, sequence });
    if ('sequence' in answer) {
      this.#sequences.set(callId, answer.sequence);
    }

    return answer;
  }

  /** The next unread notification of that name, of which each is read once. */
  async next<Name extends NotificationName>(name: Name): Promise<NotificationData<Name>> {
    const index = this.#unread.findIndex((notification) => notification.name === name);
    if (index >= 0) {
      return this.#unread.splice(index, 1)[0]?.data as NotificationData<Name>;
    }
    for (;;) {
      const notification = await this.#read();
      if (notification.name === name) {
        return notification.data as NotificationData<Name>;
      }
      this.#unread.push(notification);
    }
  }

  /** Names of the notifications that came before those that were waited for and were not waited for themselves. */
  get unread(): NotificationName[] {
    return this.#unread.map(({ name }) => name);
  }

  cut(): Promise<void> {
    return this.#connection.cut();
  }

  async #ask(envelope: unknown) {
    const parsed = answerEnvelopeSchema.safeParse(await this.#connection.request(envelope));
    expectThat(parsed.success, `The answer to ${nameOf(envelope)} is an envelope`);

    return parsed.data;
  }

  /** The next notification of a name known here. */
  async #read(): Promise<Notification> {
    for (;;) {
      const envelope = notificationEnvelopeSchema.safeParse(await this.#connection.next());
      expectThat(envelope.success, 'A notification is an envelope');
      const { name, data, sequence } = envelope.data;
      const callId = (data as { callId?: string }).callId ?? '';
      if (sequence !== undefined) {
        expectSame(sequence, this.sequenceOf(callId) + 1, `${name} has the next number`);
        this.#sequences.set(callId, sequence);
      }
      if (Object.hasOwn(notificationTable, name)) {
        const parsed = notificationTable[name as NotificationName].safeParse(data);
        expectThat(parsed.success, `${name} matches its schema`);
        const notification = { name, data: parsed.data } as Notification;
        expectSame(sequence !== undefined, isCallNotification(notification), `${name} is numbered`);

        return notification;
      }
    }
  }
}

function nameOf(envelope: unknown): string {
  const name = (envelope as { name?: unknown } | undefined)?.name;

  return typeof name === 'string' ? name : 'The request';
}
