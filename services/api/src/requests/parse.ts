import { ProtocolError, userIdSchema, type ErrorCode } from '@parley/protocol';
import type { ProblemField } from '@parley/protocol/rest';
import type * as z from 'zod';
import { describeIssue } from './describeIssue.ts';

/** A body or query that does not match its schema, with every fault in it. */
export class InvalidRequestError extends ProtocolError {
  readonly fields: readonly ProblemField[];

  constructor(fields: readonly ProblemField[]) {
    super(
      'invalid_request',
      fields.map(({ pointer, detail }) => `${pointer || 'body'}: ${detail}`).join('; '),
    );
    this.fields = fields;
  }
}

/** The value as the schema describes it; throws `InvalidRequestError`. */
export function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  place: 'body' | 'query' = 'body',
): z.output<Schema> {
  const result = schema.safeParse(value, { error: describeIssue });
  if (!result.success) {
    throw new InvalidRequestError(result.error.issues.flatMap((issue) => toFields(issue, place)));
  }

  return result.data;
}

/** An id of a path; one that cannot exist is answered like one that does not. */
export function parseId(value: unknown, missing: ErrorCode): string {
  const result = userIdSchema.safeParse(value);
  if (!result.success) {
    throw new ProtocolError(missing);
  }

  return result.data;
}

/** The JSON pointer (RFC 6901) to a place in a body. */
export function pointerTo(path: readonly PropertyKey[]): string {
  // A slash and a tilde inside a key are written as two characters.
  const keys = path.map((key) => String(key).replaceAll('~', '~0').replaceAll('/', '~1'));

  return keys.map((key) => `/${key}`).join('');
}

function toFields(issue: z.core.$ZodIssue, place: 'body' | 'query'): ProblemField[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') {
    return [{ pointer: pointerTo(path), detail: message }];
  }
  const detail = place === 'body' ? 'is no known field' : 'is no parameter of this query';

  return issue.keys.map((key) => ({ pointer: pointerTo([...path, key]), detail }));
}
