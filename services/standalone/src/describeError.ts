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
 * theirs, with passwords and keys. Some tell of a plain object with the text of an error, pg-boss among them.
 */
export function describeError(error: unknown, depth = 1): DescribedError {
  const message = textOf(error, 'message');
  if (message === undefined) {
    return { type: typeof error, message: String(error) };
  }
  const stack = textOf(error, 'stack');
  const code = textOf(error, 'code');
  const cause = error instanceof Error ? error.cause : undefined;

  return {
    type: textOf(error, 'name') ?? typeof error,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined || depth === maxDepth ? {} : { cause: describeError(cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < maxDepth
      ? { errors: error.errors.map((one: unknown) => describeError(one, depth + 1)) }
      : {}),
  };
}

/** Of whatever has text of that name, be it made by `Error` or not. */
function textOf(error: unknown, name: 'name' | 'message' | 'stack' | 'code'): string | undefined {
  const text = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

  return typeof text === 'string' ? text : undefined;
}
