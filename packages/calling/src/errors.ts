import { errorTable, type ErrorCode, type WireError } from '@parley/protocol';

/**
 * A request that could not be done, with a stable `code` to decide by; `message` is for a developer to read.
 * A wrong argument is a `TypeError` instead, and what a person does (declining, hanging up, not answering) is
 * never an error: see `Call.callEndReason`.
 *
 * @example
 * try {
 *   await CallClientFactory.create(token);
 * } catch (error) {
 *   if (error instanceof CallError && error.code === 'token_expired') await signInAgain();
 * }
 */
export class CallError extends Error {
  /** Tells it from other errors where `instanceof` cannot, as between two copies of the SDK. */
  override readonly name = 'CallError';
  /** What to decide by; the codes are those of the protocol, and stay. */
  readonly code: ErrorCode;
  /** When to come back, should the server have said it: the same request is refused before. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string = errorTable[code].title,
    options: { cause?: unknown; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** So is that of another file of the SDK: in a page without a bundler each sub-path brings a class of its own. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return (
      super[Symbol.hasInstance](value) ||
      // The narrower ones are the SDK's own affair.
      (this === CallError && value instanceof Error && value.name === 'CallError')
    );
  }

  /** Whether the same request may succeed when it is made again. */
  get isRetryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** The error the server answered with. */
export function errorOfAnswer({ code, message, retryAfterSeconds }: WireError): CallError {
  return new CallError(code, message, { retryAfterSeconds });
}

/** For how long a failed request need not be made again, milliseconds. */
export function refusedForMs(error: unknown): number {
  return error instanceof CallError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
}

/** Any thrown value as a coded error; what carries no code is a fault inside the SDK or the browser. */
export function toCallError(error: unknown): CallError {
  return error instanceof CallError
    ? error
    : new CallError('internal', error instanceof Error ? error.message : undefined, { cause: error });
}
