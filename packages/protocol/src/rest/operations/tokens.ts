import {
  accessTokenListSchema,
  accessTokenWithValueSchema,
  createAccessTokenSchema,
} from '../accessTokens.ts';
import { listQuerySchema } from '../fields.ts';
import {
  createSessionSchema,
  issuedTokenSchema,
  issueTokenSchema,
  revokeTokensQuerySchema,
  sessionSchema,
} from '../tokens.ts';
import type { OperationDescription } from '../operation.ts';

export const tokenOperations = {
  issueToken: {
    method: 'post',
    path: '/v1/users/{userId}/tokens',
    access: 'provision',
    tag: 'Tokens',
    summary: 'Issue a session token',
    description: 'For users whom the backend made; anonymous users and guests have the token they came with.',
    body: issueTokenSchema,
    status: 201,
    answer: issuedTokenSchema,
    errors: ['invalid_state'],
    idempotency: 'secret',
  },
  revokeTokens: {
    method: 'delete',
    path: '/v1/users/{userId}/tokens',
    access: 'provision',
    tag: 'Tokens',
    summary: "Revoke a user's tokens",
    description:
      'Voids every session and refresh token at once, also on connections that are open; access tokens when asked to.',
    query: revokeTokensQuerySchema,
    status: 204,
  },
  createAccessToken: {
    method: 'post',
    path: '/v1/users/{userId}/access-tokens',
    access: 'provision',
    tag: 'Tokens',
    summary: 'Make an access token',
    description: 'Does not expire. Its value is shown this once.',
    body: createAccessTokenSchema,
    status: 201,
    answer: accessTokenWithValueSchema,
    errors: ['conflict', 'invalid_state'],
    idempotency: 'secret',
  },
  listAccessTokens: {
    method: 'get',
    path: '/v1/users/{userId}/access-tokens',
    access: 'provision',
    tag: 'Tokens',
    summary: "List a user's access tokens",
    query: listQuerySchema,
    status: 200,
    answer: accessTokenListSchema,
  },
  revokeAccessToken: {
    method: 'delete',
    path: '/v1/users/{userId}/access-tokens/{accessTokenId}',
    access: 'provision',
    tag: 'Tokens',
    summary: 'Revoke one access token',
    description: 'Session tokens it was exchanged for are voided with it.',
    status: 204,
  },
  createSession: {
    method: 'post',
    path: '/v1/sessions',
    access: 'public',
    tag: 'Tokens',
    summary: 'Exchange an access token for a session token',
    description:
      'For browsers and devices that keep an access token; the token in the body is the credential.',
    body: createSessionSchema,
    status: 201,
    answer: sessionSchema,
    errors: ['unauthenticated', 'forbidden'],
    idempotency: 'secret',
  },
} as const satisfies Record<string, OperationDescription>;
