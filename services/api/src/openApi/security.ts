import type { Access } from '@parley/protocol/rest';
import type { SecurityRequirement } from './openApiTypes.ts';

const tokenUrl = '/v1/oauth/token';

const scopes = { openid: 'Adds an id token to the answer.' } as const;

/**
 * The credentials there are. All of them travel as `Authorization: Bearer …`. Each way to sign in is a scheme of its
 * own: the page at /docs shows who has signed in by one scheme as signed in by all of its flows.
 */
export const securitySchemes: Readonly<Record<string, object>> = {
  apiKey: {
    type: 'http',
    scheme: 'bearer',
    description: "A backend's API key: the secret that begins with `sk_`.",
  },
  sessionToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description:
      "A user's session token; with the scope `admin`, which administrators get when they sign in, it opens what the application's keys open.",
  },
  operatorKey: {
    type: 'http',
    scheme: 'bearer',
    description: 'The key of whoever runs the service, set as `PARLEY_OPERATOR_KEY`.',
  },
  signIn: {
    type: 'oauth2',
    description:
      "Gets a user's session token by e-mail and password, with the application's public key `pk_…` as client id.",
    flows: { password: { tokenUrl, refreshUrl: tokenUrl, scopes } },
  },
  anonymousUser: {
    type: 'oauth2',
    description:
      'Gets the session token of a fresh anonymous user, with `key_…` as client id and `sk_…` as its secret.',
    flows: { clientCredentials: { tokenUrl, scopes } },
  },
};

interface AccessRule {
  readonly security: readonly SecurityRequirement[];
  /** A sentence for the description. */
  readonly sentence: string;
}

export const accessRules: Readonly<Record<Access, AccessRule>> = {
  public: { security: [], sentence: 'Needs no credential in the header.' },
  user: {
    security: [{ sessionToken: [] }, { signIn: [] }, { anonymousUser: [] }],
    sentence: "Needs a user's own session token.",
  },
  provision: {
    security: [{ apiKey: [] }, { sessionToken: [] }, { signIn: [] }],
    sentence: 'Needs an API key with the right `provision`, or the token of an administrator.',
  },
  admin: {
    security: [{ apiKey: [] }, { sessionToken: [] }, { signIn: [] }],
    sentence: 'Needs an API key with the right `admin`, or the token of an administrator.',
  },
  owner: {
    security: [{ operatorKey: [] }, { apiKey: [] }, { sessionToken: [] }, { signIn: [] }],
    sentence:
      'Needs the operator key, an API key with the right `admin`, or the token of an administrator of the application.',
  },
  operator: { security: [{ operatorKey: [] }], sentence: 'Needs the operator key.' },
};
