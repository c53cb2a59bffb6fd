import { discoverySchema, jwksSchema, problemSchema, statusSchema } from '@parley/protocol/rest';
import type * as z from 'zod';
import { referenceTo } from './components.ts';
import type { MediaType, OperationObject, PathItem, ResponseObject } from './openApiTypes.ts';
import { headersOf } from './responses.ts';

const notNow: Readonly<Record<string, ResponseObject>> = {
  503: {
    description: 'Not now; `detail` names what cannot.',
    headers: headersOf(['X-Request-Id', 'Retry-After']),
    content: { 'application/problem+json': { schema: referenceTo(problemSchema) } },
  },
};

/** Paths whose shape OpenID Connect and the operators of containers prescribe. */
export const standardPaths: Readonly<Record<string, PathItem>> = {
  '/.well-known/openid-configuration': {
    get: plainOperation({
      operationId: 'getDiscovery',
      tag: 'OAuth',
      summary: 'Find the OAuth endpoints',
      description: 'OpenID Connect Discovery 1.0.',
      answer: discoverySchema,
    }),
  },
  '/.well-known/jwks.json': {
    get: plainOperation({
      operationId: 'getSigningKeys',
      tag: 'OAuth',
      summary: 'Get the keys that tokens are verified with',
      description: 'RFC 7517. Clients ask again when a token names a key they do not know.',
      answer: jwksSchema,
    }),
  },
  '/healthz': {
    get: plainOperation({
      operationId: 'getHealth',
      tag: 'Service',
      summary: 'Ask whether the process answers',
      answer: statusSchema,
    }),
  },
  '/readyz': {
    get: plainOperation({
      operationId: 'getReadiness',
      tag: 'Service',
      summary: 'Ask whether people can be sent to this process',
      description: 'What all processes share, such as the database, has no say in it: calls go on without.',
      answer: statusSchema,
      failure: notNow,
    }),
  },
  '/readyz/api': {
    get: plainOperation({
      operationId: 'getApiReadiness',
      tag: 'Service',
      summary: 'Ask whether the API can do its work, database and backplane included',
      answer: statusSchema,
      failure: notNow,
    }),
  },
};

interface PlainOperation {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly answer: z.ZodType;
  readonly failure?: Readonly<Record<string, ResponseObject>>;
}

function plainOperation(options: PlainOperation): OperationObject {
  const { operationId, tag, summary, description, answer, failure } = options;

  return {
    operationId,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security: [],
    responses: {
      200: { description: 'Done.', headers: headersOf(['X-Request-Id']), content: json(answer) },
      ...failure,
    },
  };
}

function json(schema: z.ZodType): Record<string, MediaType> {
  return { 'application/json': { schema: referenceTo(schema) } };
}
