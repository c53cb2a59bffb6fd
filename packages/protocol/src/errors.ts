/** What an error code means on each surface. */
export interface ErrorDescription {
  /** HTTP status of the problem document. */
  readonly status: number;
  /** Whether the same request may succeed later without being changed. */
  readonly retryable: boolean;
  /** One sentence for a developer; what went wrong in this case is said in `detail` or `message`. */
  readonly title: string;
}

/** The one table of error codes: REST problem documents and signaling answers both draw on it. */
export const errorTable = {
  invalid_request: { status: 400, retryable: false, title: 'The request does not match its schema.' },
  malformed_json: { status: 400, retryable: false, title: 'The body is not JSON.' },
  unauthenticated: { status: 401, retryable: false, title: 'The credentials are missing or not valid.' },
  token_expired: { status: 401, retryable: false, title: 'The token has expired.' },
  token_revoked: { status: 401, retryable: false, title: 'The token was revoked.' },
  forbidden: { status: 403, retryable: false, title: 'This identity may not do that.' },
  not_on_roster: { status: 403, retryable: false, title: 'The room admits only those on its roster.' },
  outside_room_window: { status: 403, retryable: false, title: 'The room is not open at this time.' },
  not_found: { status: 404, retryable: false, title: 'There is no such thing.' },
  call_not_found: { status: 404, retryable: false, title: 'There is no such call, or it has ended.' },
  room_not_found: { status: 404, retryable: false, title: 'There is no such room.' },
  callee_not_found: { status: 404, retryable: false, title: 'There is no such user to call.' },
  method_not_allowed: { status: 405, retryable: false, title: 'The path does not take this method.' },
  callee_offline: { status: 480, retryable: true, title: 'The callee is not connected.' },
  callee_busy: { status: 486, retryable: true, title: 'The callee is in another call.' },
  not_admitted: {
    status: 403,
    retryable: true,
    title: 'The room has a lobby, and nobody has admitted this identity.',
  },
  removed_from_call: { status: 403, retryable: false, title: 'This identity was removed from the call.' },
  conflict: { status: 409, retryable: false, title: 'It exists already.' },
  secret_already_shown: {
    status: 409,
    retryable: false,
    title: 'The secret was shown once and is not kept.',
  },
  invalid_state: { status: 409, retryable: false, title: 'That cannot be done in the present state.' },
  answered_elsewhere: { status: 409, retryable: false, title: 'Another device has answered the call.' },
  joined_elsewhere: {
    status: 409,
    retryable: false,
    title: 'Another device of the same user has entered the call in place of this one.',
  },
  room_full: { status: 409, retryable: true, title: 'The room has its maximum of participants.' },
  payload_too_large: { status: 413, retryable: false, title: 'The request is too large.' },
  unsupported_media_type: { status: 415, retryable: false, title: 'The content type is not supported.' },
  idempotency_key_reused: {
    status: 422,
    retryable: false,
    title: 'The Idempotency-Key belongs to another request.',
  },
  protocol_mismatch: { status: 426, retryable: false, title: 'Client and server speak different protocols.' },
  too_many_requests: { status: 429, retryable: true, title: 'Too many requests; wait and try again.' },
  internal: { status: 500, retryable: true, title: 'Something failed inside Parley.' },
  not_supported: { status: 501, retryable: false, title: 'This is not supported.' },
  unavailable: { status: 503, retryable: true, title: 'The service cannot answer now.' },
  timeout: { status: 504, retryable: true, title: 'There was no answer in time.' },
} as const satisfies Record<string, ErrorDescription>;

/** What went wrong, to decide by; the codes stay, and others may come. */
export type ErrorCode = keyof typeof errorTable;

export const errorCodes = Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]];

/** Details of an error as code may carry it beside the code itself. */
export interface ProtocolErrorOptions {
  cause?: unknown;
  /** Seconds after which a retry makes sense. */
  retryAfterSeconds?: number;
}

/**
 * A failure with a stable code. Thrown inside the services and turned into a problem document or a signaling
 * answer at the edge; `message` reaches the other end, so it names no secret and no internal.
 */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string = errorTable[code].title, options: ProtocolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Refuses what comes too often, for whole seconds, as HTTP's Retry-After has them, and never for none. */
export function tooManyRequests(waitSeconds: number, message?: string): ProtocolError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitSeconds));

  return new ProtocolError('too_many_requests', message, { retryAfterSeconds });
}
