import * as z from 'zod';
import { scopes } from '../scopes.ts';
import { defaultTokenSeconds } from '../tokenLifetime.ts';
import { moment, tokenSeconds } from './fields.ts';

const scopeList = z
  .array(z.enum(scopes))
  .min(1)
  .max(scopes.length)
  .refine((names) => new Set(names).size === names.length, 'must not name a scope twice');

/** What a session token is to be. */
const grant = {
  scopes: scopeList.default(['calls']),
  expiresInSeconds: tokenSeconds.default(defaultTokenSeconds),
};

/** `POST /v1/users/{userId}/tokens` */
export const issueTokenSchema = z.strictObject(grant);

/** A session token and the moment it stops being valid. */
export const issuedTokenSchema = z.object({ token: z.string(), expiresAt: moment });

/** `DELETE /v1/users/{userId}/tokens` */
export const revokeTokensQuerySchema = z.strictObject({
  accessTokens: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true')
    .describe('Revokes the access tokens too.'),
});

/** `POST /v1/sessions`: exchanges an access token for a session token; no key. */
export const createSessionSchema = z.strictObject({ accessToken: z.string().min(1).max(128), ...grant });

export const sessionSchema = issuedTokenSchema.extend({ userId: z.string(), displayName: z.string() });

export type IssueToken = z.infer<typeof issueTokenSchema>;
export type IssuedToken = z.infer<typeof issuedTokenSchema>;
export type CreateSession = z.infer<typeof createSessionSchema>;
export type Session = z.infer<typeof sessionSchema>;
