import {
  answerEnvelopeSchema,
  isCallNotification,
  notificationEnvelopeSchema,
  notificationTable,
  requestTable,
  type CallNotification,
  type Notification,
  type RequestAnswer,
  type RequestName,
} from '@parley/protocol';
import * as z from 'zod/mini';
import { CallError, errorOfAnswer } from '../errors.ts';

/** What concerns the connection of the user, and no call they are in. */
export type UserNotification = Exclude<Notification, CallNotification>;

/**
 * One notification of a call with its number. One that only a newer server knows counts and says nothing; one that does
 * not match its schema counts and is missing.
 */
export interface Numbered {
  readonly callId: string;
  readonly sequence: number;
  readonly content: CallNotification | 'unknown' | 'malformed';
}

export type Heard = UserNotification | Numbered;

export const isNumbered = (heard: Heard): heard is Numbered => 'sequence' in heard;

const ofSomeCall = z.object({ callId: z.string() });

/** Reads what the server tells unasked; undefined for what this version has no use for. */
export function readNotification(raw: unknown): Heard | undefined {
  const envelope = notificationEnvelopeSchema.safeParse(raw);
  if (!envelope.success) {
    return undefined;
  }
  const { name, data, sequence } = envelope.data;
  const notification = readData(name, data);
  if (sequence === undefined) {
    return typeof notification === 'string' || isCallNotification(notification) ? undefined : notification;
  }
  const call = ofSomeCall.safeParse(data);
  if (!call.success) {
    return undefined;
  }
  const isOfCall = typeof notification === 'string' || isCallNotification(notification);

  return { callId: call.data.callId, sequence, content: isOfCall ? notification : 'malformed' };
}

function readData(name: string, raw: unknown): Notification | 'unknown' | 'malformed' {
  if (!isNotificationName(name)) {
    return 'unknown';
  }
  const data = notificationTable[name].safeParse(raw);

  // The compiler cannot see that the schema looked up by this name makes the data of this name.
  return data.success ? ({ name, data: data.data } as Notification) : 'malformed';
}

function isNotificationName(name: string): name is keyof typeof notificationTable {
  return Object.hasOwn(notificationTable, name);
}

/** Reads the answer to a request: what it answers, or the error it answers with. */
export function readAnswer<Name extends RequestName>(
  name: Name,
  raw: unknown,
): RequestAnswer<Name> | CallError {
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
