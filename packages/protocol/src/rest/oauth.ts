import * as z from 'zod';

/** Longest parameter of a form; a session token is the largest of them. */
const text = z.string().max(8192);

/** How a confidential client says who it is, when not by HTTP Basic (RFC 6749, section 2.3.1). */
const client = {
  client_id: z
    .string()
    .max(64)
    .optional()
    .describe('`pk_…` for public clients, `key_…` with its secret for the trusted backend.'),
  client_secret: z.string().max(128).optional(),
};

/**
 * `POST /v1/oauth/token`, form-urlencoded (RFC 6749): the grants `password`, `client_credentials` and
 * `refresh_token`. Parameters of other names are ignored and none may occur twice, as section 3.2 asks.
 */
export const tokenRequestSchema = z.object({
  grant_type: z.string().max(64).optional(),
  ...client,
  username: z.string().max(1024).optional().describe('E-mail address, for `password`.'),
  password: z.string().max(1024).optional(),
  refresh_token: z.string().max(128).optional(),
  scope: z.string().max(256).optional().describe('`openid` asks for the id token.'),
});

/** RFC 6749, section 5.1, with the id token of OpenID Connect. */
export const tokenResponseSchema = z.object({
  access_token: z.string().describe('A session token, fit for the SDK as it is.'),
  id_token: z.string().optional().describe('With the scope `openid`.'),
  refresh_token: z
    .string()
    .optional()
    .describe(
      'Not for client_credentials (RFC 6749, section 4.4.3). Good for one use; its answer holds the next one.',
    ),
  token_type: z.literal('Bearer'),
  expires_in: z.int().describe('Seconds.'),
  scope: z.string(),
});

/** RFC 6749, section 5.2: errors of the OAuth endpoints have OAuth's own shape. */
export const tokenErrorSchema = z.object({ error: z.string(), error_description: z.string().optional() });

/**
 * `POST /v1/oauth/revoke` (RFC 7009), which ends the session that a refresh or access token belongs to, and
 * `POST /v1/oauth/introspect` (RFC 7662).
 */
export const revokeRequestSchema = z.object({
  token: text,
  token_type_hint: z.string().max(64).optional(),
  ...client,
});

/** What `POST /v1/oauth/introspect` (RFC 7662) tells clients with a secret. */
export const introspectResponseSchema = z.union([
  z.object({
    active: z.literal(true),
    token_type: z.enum(['Bearer', 'refresh_token', 'access_token']),
    client_id: z.string().optional(),
    scope: z.string().optional(),
    sub: z.string(),
    aud: z.string(),
    iss: z.string(),
    iat: z.int().optional().describe('Seconds since the Unix epoch.'),
    exp: z.int().optional(),
    jti: z.string().optional(),
  }),
  z.object({ active: z.literal(false) }),
]);

/** `GET /.well-known/openid-configuration` (OpenID Connect Discovery 1.0, section 3). */
export const discoverySchema = z.looseObject({
  issuer: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  revocation_endpoint: z.url(),
  introspection_endpoint: z.url(),
  grant_types_supported: z.array(z.string()),
  scopes_supported: z.array(z.string()),
});

export type TokenRequest = z.infer<typeof tokenRequestSchema>;
export type TokenResponse = z.infer<typeof tokenResponseSchema>;
export type TokenError = z.infer<typeof tokenErrorSchema>;
export type RevokeRequest = z.infer<typeof revokeRequestSchema>;
export type IntrospectResponse = z.infer<typeof introspectResponseSchema>;
export type Discovery = z.infer<typeof discoverySchema>;
