import type { Access } from '@parley/protocol/rest';
import type { SecurityRequirement } from './openApiTypes.ts';

/** The credentials there are. All of them travel as `Authorization: Bearer …`. */
export function securitySchemes(publicUrl: string): Record<string, object> {
  const tokenUrl = `${publicUrl}/v1/oauth/token`;

  return {
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
    oauth2: {
      type: 'oauth2',
      description:
        'Signs in for a session token: by e-mail and password with the public key `pk_…` as client id, or as a fresh anonymous user with `key_…` and its secret `sk_…`.',
      flows: {
        password: { tokenUrl, refreshUrl: tokenUrl, scopes: { openid: 'Adds an id token to the answer.' } },
        clientCredentials: { tokenUrl, scopes: { openid: 'Adds an id token to the answer.' } },
      },
    },
  };
}

interface AccessRule {
  readonly security: readonly SecurityRequirement[];
  /** A sentence for the description. */
  readonly sentence: string;
}

export const accessRules: Readonly<Record<Access, AccessRule>> = {
  public: { security: [], sentence: 'Needs no credential in the header.' },
  user: {
    security: [{ sessionToken: [] }, { oauth2: [] }],
    sentence: "Needs a user's own session token.",
  },
  provision: {
    security: [{ apiKey: [] }, { sessionToken: [] }, { oauth2: [] }],
    sentence: 'Needs an API key with the right `provision`, or the token of an administrator.',
  },
  admin: {
    security: [{ apiKey: [] }, { sessionToken: [] }, { oauth2: [] }],
    sentence: 'Needs an API key with the right `admin`, or the token of an administrator.',
  },
  owner: {
    security: [{ operatorKey: [] }, { apiKey: [] }, { sessionToken: [] }, { oauth2: [] }],
    sentence:
      'Needs the operator key, an API key with the right `admin`, or the token of an administrator of the application.',
  },
  operator: { security: [{ operatorKey: [] }], sentence: 'Needs the operator key.' },
};
