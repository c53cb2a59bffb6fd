import * as z from 'zod';
import { scopes } from '../scopes.ts';
import { moment } from './fields.ts';

const minuteSeconds = 60;
const daySeconds = 24 * 60 * minuteSeconds;

/** How long a session token is valid when nobody says. */
export const defaultTokenSeconds = daySeconds;

/** `POST /v1/users/{id}/tokens` */
export const issueTokenSchema = z.strictObject({
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length).default(['calls']),
  expiresInSeconds: z
    .int()
    .min(minuteSeconds)
    .max(7 * daySeconds)
    .default(defaultTokenSeconds),
});

/** A session token and the moment it stops being valid. */
export const issuedTokenSchema = z.object({ token: z.string(), expiresAt: moment });

export type IssueToken = z.infer<typeof issueTokenSchema>;
export type IssuedToken = z.infer<typeof issuedTokenSchema>;
