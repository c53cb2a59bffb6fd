import * as z from 'zod';

/**
 * `POST /v1/oauth/token`, form-urlencoded: the resource owner password credentials grant (RFC 6749, section 4.3)
 * for public clients. Parameters of other names are ignored and none may occur twice, as section 3.2 asks.
 */
export const tokenRequestSchema = z.object({
  grant_type: z.string().max(64).optional(),
  /** The application's public key, `pk_…`. */
  client_id: z.string().max(64).optional(),
  /** E-mail address. */
  username: z.string().max(1024).optional(),
  password: z.string().max(1024).optional(),
  /** `openid` asks for the id token. */
  scope: z.string().max(256).optional(),
});

/** RFC 6749, section 5.1, with the id token of OpenID Connect. */
export const tokenResponseSchema = z.object({
  /** A session token, fit for the SDK as it is. */
  access_token: z.string(),
  /** With the scope `openid`. */
  id_token: z.string().optional(),
  token_type: z.literal('Bearer'),
  /** Seconds. */
  expires_in: z.int(),
  scope: z.string(),
});

/** RFC 6749, section 5.2: errors of this endpoint have OAuth's own shape. */
export const tokenErrorSchema = z.object({ error: z.string(), error_description: z.string().optional() });

export type TokenRequest = z.infer<typeof tokenRequestSchema>;
export type TokenResponse = z.infer<typeof tokenResponseSchema>;
export type TokenError = z.infer<typeof tokenErrorSchema>;
