import {
  exampleWorld,
  introspectResponseSchema,
  revokeRequestSchema,
  tokenRequestSchema,
  tokenResponseSchema,
  type IntrospectResponse,
  type TokenResponse,
} from '@parley/protocol/rest';
import type * as z from 'zod';
import { grantTypes } from '../oauth/exchangeToken.ts';
import { referenceTo } from './components.ts';
import { formSchema } from './formSchema.ts';
import { oauthErrorResponses, type OAuthError } from './oauthResponses.ts';
import type { Example, OperationObject, PathItem } from './openApiTypes.ts';
import { headersOf } from './responses.ts';

const { alice, alicePassword, apiKey, application, sessionToken } = exampleWorld;

/** Nobody could sign in with an abridged one: a reader puts their own in its place, and so does the test. */
const secrets = { client_secret: 'sk_…', refresh_token: 'rt_…' } as const;

const signedIn: TokenResponse = {
  access_token: sessionToken,
  id_token: sessionToken,
  refresh_token: secrets.refresh_token,
  token_type: 'Bearer',
  expires_in: 86_400,
  scope: 'openid calls',
};

const { refresh_token: _none, ...anonymous } = signedIn;

const activeToken: IntrospectResponse = {
  active: true,
  token_type: 'Bearer',
  scope: 'calls',
  sub: alice.id,
  aud: application.id,
  iss: 'https://calls.acme.example',
  iat: 1_772_614_800,
  exp: 1_772_701_200,
  jti: 'x0q8m2z7ct5v1kd3',
};

/** Paths whose shape OAuth 2 prescribes. */
export const oauthPaths: Readonly<Record<string, PathItem>> = {
  '/v1/oauth/token': {
    post: oauthOperation({
      operationId: 'getToken',
      summary: 'Sign in',
      description:
        'RFC 6749 with the grants `password`, `client_credentials` and `refresh_token`. Every `access_token` is a session token. A refresh token is good for one use; one that comes back ends its whole sign-in. Also at `/cpaas/auth/v1/token`. It takes no `Idempotency-Key`, which RFC 6749 does not know: without an answer, sign in or ask for an anonymous user again. A refresh token that may have been used up is not to be sent again, for that ends the sign-in.',
      form: {
        schema: tokenRequestSchema,
        choices: { grant_type: grantTypes },
        examples: {
          password: {
            summary: 'A user, by e-mail and password',
            value: {
              grant_type: 'password',
              client_id: application.publicKey,
              username: String(alice.email),
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
      },
      answer: {
        schema: tokenResponseSchema,
        examples: {
          password: { summary: 'To the grant password', value: signedIn },
          clientCredentials: { summary: 'To the grant client_credentials', value: anonymous },
          refreshToken: { summary: 'To the grant refresh_token', value: signedIn },
        },
      },
      errors: [
        [400, 'invalid_grant', 'Invalid grant: user credentials are invalid'],
        [400, 'invalid_request', 'Missing parameter: `grant_type`'],
        [400, 'unsupported_grant_type', `Unsupported grant type: offered are ${grantTypes.join(', ')}`],
        [400, 'unauthorized_client', 'The key lacks the right "anonymous".'],
      ],
    }),
  },
  '/v1/oauth/revoke': {
    post: oauthOperation({
      operationId: 'revokeToken',
      summary: 'Sign out',
      description: 'RFC 7009: ends the sign-in that a refresh or access token belongs to.',
      form: {
        schema: revokeRequestSchema,
        examples: {
          signOut: {
            summary: 'End a sign-in from the page it was made on',
            value: { client_id: application.publicKey, token: secrets.refresh_token },
          },
        },
      },
    }),
  },
  '/v1/oauth/introspect': {
    post: oauthOperation({
      operationId: 'introspectToken',
      summary: 'Ask whether a token is valid',
      description: 'RFC 7662, for clients with a secret, which also may come by HTTP Basic.',
      form: {
        schema: revokeRequestSchema,
        examples: {
          sessionToken: {
            summary: 'Ask about the session token that a page has sent',
            value: { client_id: apiKey.id, client_secret: secrets.client_secret, token: sessionToken },
          },
        },
      },
      answer: {
        schema: introspectResponseSchema,
        examples: {
          sessionToken: { summary: 'A session token that is valid', value: activeToken },
          unknown: { summary: 'Any token that is not', value: { active: false } },
        },
      },
      errors: [[403, 'unauthorized_client', 'The client is no key with the right "provision".']],
    }),
  },
};

type Named<Value> = Readonly<Record<string, Example & { readonly value: Value }>>;

interface OAuthOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly form: {
    readonly schema: z.ZodType;
    /** The values that a field can have, where they are few. */
    readonly choices?: Readonly<Record<string, readonly string[]>>;
    /** The page at /docs begins with the first one. */
    readonly examples: Named<Readonly<Record<string, string>>>;
  };
  readonly answer?: { readonly schema: z.ZodType; readonly examples: Named<object> };
  /** Besides those of every endpoint. */
  readonly errors?: readonly OAuthError[];
}

function oauthOperation({ form, answer, errors = [], ...named }: OAuthOperation): OperationObject {
  const [first] = Object.values(form.examples);

  return {
    ...named,
    tags: ['OAuth'],
    security: [],
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: formSchema(form.schema, first?.value ?? {}, form.choices ?? {}),
          examples: form.examples,
        },
      },
    },
    responses: {
      200: {
        description: 'Done.',
        headers: headersOf(['X-Request-Id', 'RateLimit-Policy', 'RateLimit']),
        ...(answer === undefined
          ? {}
          : {
              content: {
                'application/json': { schema: referenceTo(answer.schema), examples: answer.examples },
              },
            }),
      },
      ...oauthErrorResponses(errors),
    },
  };
}
