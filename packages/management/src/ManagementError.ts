import type { Problem, ProblemField } from './models.ts';

/**
 * The service's own code, or one of ours: `unreachable` when there was no answer, `unexpected_answer` when what came
 * was no answer of the service, such as a proxy's page.
 */
export type ManagementErrorCode = Problem['code'] | 'unreachable' | 'unexpected_answer';

export interface ManagementErrorDetails {
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  readonly code: ManagementErrorCode;
  readonly detail: string;
  readonly errors?: readonly ProblemField[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** A request that was refused, or never answered. */
export class ManagementError extends Error {
  override readonly name = 'ManagementError';
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  readonly code: ManagementErrorCode;
  /** What went wrong in this case, for a developer. */
  readonly detail: string;
  /** Of `invalid_request`: what is wrong with which field. */
  readonly errors: readonly ProblemField[];
  /** Seconds after which the same request may succeed. */
  readonly retryAfterSeconds: number | undefined;
  /** Names the request in the service's log. */
  readonly requestId: string | undefined;

  constructor(details: ManagementErrorDetails) {
    const { status, code, detail, errors = [], retryAfterSeconds, requestId, cause } = details;
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.retryAfterSeconds = retryAfterSeconds;
    this.requestId = requestId;
  }
}
