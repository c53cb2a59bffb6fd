import * as z from 'zod';
import { label, listSchema, moment } from './fields.ts';

/** `POST /v1/users/{userId}/access-tokens` */
export const createAccessTokenSchema = z.strictObject({
  name: label.optional().describe("Tells the user's tokens apart, such as the device that keeps it."),
});

/** A credential of a user that does not expire, good for session tokens only. */
export const accessTokenSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  createdAt: moment,
  lastUsedAt: moment.optional().describe('Accurate to a minute; missing when it was never used.'),
});

export const accessTokenWithValueSchema = accessTokenSchema.extend({
  accessToken: z.string().describe('Shown this once: only a hash is stored.'),
});

export const accessTokenListSchema = listSchema(accessTokenSchema);

export type CreateAccessToken = z.infer<typeof createAccessTokenSchema>;
export type AccessToken = z.infer<typeof accessTokenSchema>;
export type AccessTokenWithValue = z.infer<typeof accessTokenWithValueSchema>;
