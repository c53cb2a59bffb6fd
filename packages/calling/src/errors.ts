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
  override readonly name = 'CallError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string = errorTable[code].title, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** Whether the same request may succeed when it is made again. */
  get isRetryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** The error the server answered with. */
export function errorOfAnswer(error: WireError): CallError {
  return new CallError(error.code, error.message);
}

/** Any thrown value as a coded error; what carries no code is a fault inside the SDK or the browser. */
export function toCallError(error: unknown): CallError {
  return error instanceof CallError
    ? error
    : new CallError('internal', error instanceof Error ? error.message : undefined, { cause: error });
}
