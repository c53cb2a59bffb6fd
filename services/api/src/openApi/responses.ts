import { errorTable, type ErrorCode } from '@parley/protocol';
import { problemSchema, type Problem } from '@parley/protocol/rest';
import { referenceTo } from './components.ts';
import type { Header, Reference, ResponseObject } from './openApiTypes.ts';

/** Headers that several answers have. */
export const headers = {
  'X-Request-Id': {
    description: "Names the request; the service's log and the audit entry have the same id.",
    schema: { type: 'string', format: 'uuid' },
  },
  'RateLimit-Policy': {
    description:
      'What is counted (`"requests"`), how often it may happen (`q`), within how many seconds (`w`).',
    schema: { type: 'string' },
  },
  RateLimit: {
    description: 'How often it may still happen (`r`), and seconds until it is counted anew (`t`).',
    schema: { type: 'string' },
  },
  'Retry-After': { description: 'Seconds to wait before asking again.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'How to send a credential.', schema: { type: 'string' } },
  Location: { description: 'Path of what was made.', schema: { type: 'string', format: 'uri-reference' } },
  'Idempotency-Replayed': {
    description: '`true` when the request was carried out before and its answer is only repeated.',
    schema: { type: 'string', enum: ['true'] },
  },
} as const satisfies Record<string, Header>;

export type HeaderName = keyof typeof headers;

export function headersOf(names: readonly HeaderName[]): Record<string, Reference> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The error answers by status, each with the codes it may hold. */
export function problemResponses(codes: readonly ErrorCode[]): Record<string, ResponseObject> {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);

  return Object.fromEntries(
    [...byStatus]
      .toSorted(([one], [other]) => one - other)
      .map(([status, ofStatus]) => [String(status), problemResponse(status, ofStatus)]),
  );
}

function problemResponse(status: number, codes: readonly ErrorCode[]): ResponseObject {
  const names: HeaderName[] = ['X-Request-Id'];
  if (status === 401) {
    names.push('WWW-Authenticate');
  }
  if (status === 429) {
    names.push('RateLimit-Policy', 'RateLimit');
  }
  if (status === 429 || status === 503) {
    names.push('Retry-After');
  }

  return {
    description: codes.map((code) => `\`${code}\`: ${errorTable[code].title}`).join('\n\n'),
    headers: headersOf(names),
    content: {
      'application/problem+json': {
        schema: referenceTo(problemSchema),
        examples: Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }])),
      },
    },
  };
}

function exampleOf(code: ErrorCode): Problem {
  const { status, title } = errorTable[code];

  return {
    type: `urn:parley:error:${code}`,
    title,
    status,
    detail: code === 'invalid_request' ? '/displayName: must be a string' : title,
    code,
    instance: 'urn:uuid:6f1f2a52-6e5e-4c2b-9a35-6f3d1f0c9f11',
    ...(code === 'invalid_request'
      ? { errors: [{ pointer: '/displayName', detail: 'must be a string' }] }
      : {}),
  };
}
