import * as z from 'zod/mini';
import { objectIdSchema } from '../ids.ts';
import { errorTable, ProtocolError, type ErrorCode } from '../errors.ts';
import { limitTable } from '../limits.ts';
import { errorCodeSchema } from './errorCode.ts';
import type { Notification } from './notifications.ts';

/** Path of the Socket.IO endpoint below the service's public URL. */
export const signalingPath = '/signaling';

/** Largest frame a client may send, bytes; Socket.IO closes the socket over it. */
export const maxFrameBytes = 256 * 1024;

/** All that a client may send before it is admitted, bytes; the transport is closed over it. */
export const maxHandshakeBytes = 32 * 1024;

/** Largest request, bytes of JSON as it is sent; answered with `payload_too_large`. */
export const maxRequestBytes = 64 * 1024;

/** The longest session token that is looked at, characters. */
export const maxTokenLength = 8192;

/** The Socket.IO `auth` payload. */
export const connectAuthSchema = z.object({
  token: z.string().check(z.minLength(1), z.maxLength(maxTokenLength)),
  protocolVersion: z.string().check(z.maxLength(16)),
  /** Made by the client at its start and the same on all of its connections: its retried requests are known by it. */
  clientId: objectIdSchema,
  /**
   * Of the places the client is going to resume. They admit a client whose token has run out, to nothing else than
   * resuming them and refreshing its token.
   */
  resumeTokens: z.optional(
    z.array(z.string().check(z.maxLength(128))).check(z.maxLength(limitTable.callsPerDevice.max)),
  ),
});

export type ConnectAuth = z.infer<typeof connectAuthSchema>;

/** What a refused connection is told in `connect_error`'s `data`. */
export const connectErrorSchema = z.object({ code: errorCodeSchema, message: z.string() });

/** A request on the wire; `data` is parsed by the schema of its name. */
export const requestEnvelopeSchema = z.object({
  name: z.string().check(z.maxLength(64)),
  data: z.unknown(),
  /** Made by the client; a request that comes again under one id is carried out once and answered the same. */
  requestId: z.optional(objectIdSchema),
});

export type RequestEnvelope = z.infer<typeof requestEnvelopeSchema>;

const wireErrorSchema = z.object({
  code: errorCodeSchema,
  message: z.string(),
  retryable: z.boolean(),
  retryAfterSeconds: z.optional(z.number()),
});

export type WireError = z.infer<typeof wireErrorSchema>;

/** A request's acknowledgement; `data` is parsed by the answer schema of the request's name. */
export const answerEnvelopeSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), data: z.unknown() }),
  z.object({ ok: z.literal(false), error: wireErrorSchema }),
]);

export type AnswerEnvelope = z.infer<typeof answerEnvelopeSchema>;

/** Any notification's outer shape; `data` is parsed by the schema of its name. */
export const notificationEnvelopeSchema = z.object({
  name: z.string(),
  data: z.unknown(),
  /** Of a notification about a call the client is in. */
  sequence: z.optional(z.int()),
});

/** A notification with its number, when it has one. */
export type NotificationEnvelope = Notification & { readonly sequence?: number };

/** Socket.IO event map, client to server. */
export interface ClientEvents {
  request: (request: RequestEnvelope, acknowledge: (answer: AnswerEnvelope) => void) => void;
}

/** Socket.IO event map, server to client. */
export interface ServerEvents {
  notification: (notification: NotificationEnvelope) => void;
}

/** How an error is told to the other end: a coded error as it is, anything else as `internal`. */
export function toWireError(error: unknown): WireError {
  const known = error instanceof ProtocolError ? error : new ProtocolError('internal');
  const code: ErrorCode = known.code;

  return {
    code,
    message: known.message,
    retryable: errorTable[code].retryable,
    ...(known.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: known.retryAfterSeconds }),
  };
}
