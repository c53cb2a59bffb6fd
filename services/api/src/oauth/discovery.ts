import { sessionScopes } from '@parley/protocol';
import type { Discovery } from '@parley/protocol/rest';
import { grantTypes } from './exchangeToken.ts';
import { openid } from './scopes.ts';

/** Ways of a key to say who it is. */
const secretMethods = ['client_secret_basic', 'client_secret_post'];

/**
 * `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0, section 3). There is no page to be sent to
 * for signing in, hence no authorization endpoint and no response type.
 */
export function discovery(publicUrl: string): Discovery {
  return {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}/v1/oauth/token`,
    jwks_uri: `${publicUrl}/.well-known/jwks.json`,
    revocation_endpoint: `${publicUrl}/v1/oauth/revoke`,
    introspection_endpoint: `${publicUrl}/v1/oauth/introspect`,
    grant_types_supported: grantTypes,
    scopes_supported: [openid, ...sessionScopes.filter((scope) => scope === 'calls' || scope === 'admin')],
    response_types_supported: [],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['EdDSA'],
    token_endpoint_auth_methods_supported: ['none', ...secretMethods],
    revocation_endpoint_auth_methods_supported: ['none', ...secretMethods],
    introspection_endpoint_auth_methods_supported: secretMethods,
    claims_supported: [
      'iss',
      'sub',
      'aud',
      'iat',
      'exp',
      'name',
      'email',
      'preferred_username',
      'services-identity',
    ],
  };
}
