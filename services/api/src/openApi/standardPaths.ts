import {
  discoverySchema,
  exampleWorld,
  introspectResponseSchema,
  jwksSchema,
  problemSchema,
  revokeRequestSchema,
  statusSchema,
  tokenErrorSchema,
  tokenRequestSchema,
  tokenResponseSchema,
} from '@parley/protocol/rest';
import type * as z from 'zod';
import { referenceTo } from './components.ts';
import type { Example, MediaType, OperationObject, PathItem, ResponseObject } from './openApiTypes.ts';
import { headersOf } from './responses.ts';

const { alice, alicePassword, apiKey, application, sessionToken } = exampleWorld;

/** Nobody could sign in with an abridged one: a reader puts their own in its place, and so does the test. */
const secrets = { client_secret: 'sk_…', refresh_token: 'rt_…' } as const;

/** Paths whose shape OAuth 2, OpenID Connect and the operators of containers prescribe. */
export const standardPaths: Readonly<Record<string, PathItem>> = {
  '/v1/oauth/token': {
    post: oauthOperation({
      operationId: 'getToken',
      summary: 'Sign in',
      description:
        'RFC 6749 with the grants `password`, `client_credentials` and `refresh_token`. Every `access_token` is a session token. A refresh token is good for one use; one that comes back ends its whole sign-in. Also at `/cpaas/auth/v1/token`. It takes no `Idempotency-Key`, which RFC 6749 does not know: without an answer, sign in or ask for an anonymous user again. A refresh token that may have been used up is not to be sent again, for that ends the sign-in.',
      request: tokenRequestSchema,
      examples: {
        password: {
          summary: 'A user, by e-mail and password',
          value: {
            grant_type: 'password',
            client_id: application.publicKey,
            username: alice.email,
            password: alicePassword,
            scope: 'openid',
          },
        },
        clientCredentials: {
          summary: 'A fresh anonymous user, for a backend',
          value: {
            grant_type: 'client_credentials',
            client_id: apiKey.id,
            client_secret: secrets.client_secret,
            scope: 'openid',
          },
        },
        refreshToken: {
          summary: 'Go on without asking for the password',
          value: {
            grant_type: 'refresh_token',
            client_id: application.publicKey,
            refresh_token: secrets.refresh_token,
          },
        },
      },
      answer: tokenResponseSchema,
    }),
  },
  '/v1/oauth/revoke': {
    post: oauthOperation({
      operationId: 'revokeToken',
      summary: 'Sign out',
      description: 'RFC 7009: ends the sign-in that a refresh or access token belongs to.',
      request: revokeRequestSchema,
      examples: {
        signOut: {
          summary: 'End a sign-in from the page it was made on',
          value: { client_id: application.publicKey, token: secrets.refresh_token },
        },
      },
    }),
  },
  '/v1/oauth/introspect': {
    post: oauthOperation({
      operationId: 'introspectToken',
      summary: 'Ask whether a token is valid',
      description: 'RFC 7662, for clients with a secret, which also may come by HTTP Basic.',
      request: revokeRequestSchema,
      examples: {
        sessionToken: {
          summary: 'Ask about the session token that a page has sent',
          value: { client_id: apiKey.id, client_secret: secrets.client_secret, token: sessionToken },
        },
      },
      answer: introspectResponseSchema,
    }),
  },
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
      summary: 'Ask whether the service can do its work',
      answer: statusSchema,
      failure: {
        503: {
          description: 'Not now; `detail` names what cannot.',
          headers: headersOf(['X-Request-Id', 'Retry-After']),
          content: { 'application/problem+json': { schema: referenceTo(problemSchema) } },
        },
      },
    }),
  },
};

interface OAuthOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly request: z.ZodType;
  readonly examples?: Readonly<Record<string, Example>>;
  readonly answer?: z.ZodType;
}

function oauthOperation(options: OAuthOperation): OperationObject {
  const { operationId, summary, description, request, examples, answer } = options;
  const failure: ResponseObject = {
    description: 'In the shape of RFC 6749, section 5.2.',
    headers: headersOf(['X-Request-Id']),
    content: json(tokenErrorSchema),
  };

  return {
    operationId,
    tags: ['OAuth'],
    summary,
    description,
    security: [],
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: referenceTo(request),
          ...(examples === undefined ? {} : { examples }),
        },
      },
    },
    responses: {
      200: {
        description: 'Done.',
        headers: headersOf(['X-Request-Id', 'RateLimit-Policy', 'RateLimit']),
        ...(answer === undefined ? {} : { content: json(answer) }),
      },
      400: failure,
      401: failure,
      403: failure,
      429: {
        ...failure,
        headers: headersOf(['X-Request-Id', 'RateLimit-Policy', 'RateLimit', 'Retry-After']),
      },
      503: { ...failure, headers: headersOf(['X-Request-Id', 'Retry-After']) },
    },
  };
}

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
