export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string;
  /** Of Node, Postgres or the protocol. */
  readonly code?: string;
  readonly cause?: DescribedError;
  /** Of an AggregateError, as of one that has tried several addresses. */
  readonly errors?: readonly DescribedError[];
}

/** Deeper than any chain that somebody made on purpose. */
const maxDepth = 5;

/**
 * An error as the log has it: what it says, and nothing of what hangs on it. Libraries hang whole connections on
 * theirs, with passwords and keys.
 */
export function describeError(error: unknown, depth = 1): DescribedError {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: String(error) };
  }
  const { name, message, stack, cause } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;

  return {
    type: name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined || depth === maxDepth ? {} : { cause: describeError(cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < maxDepth
      ? { errors: error.errors.map((one: unknown) => describeError(one, depth + 1)) }
      : {}),
  };
}
