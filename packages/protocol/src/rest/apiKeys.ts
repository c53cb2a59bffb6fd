import * as z from 'zod';
import { keyRights } from '../keyRights.ts';
import { label, listSchema, moment } from './fields.ts';

/** `POST /v1/applications/{applicationId}/keys` */
export const createApiKeySchema = z.strictObject({
  name: label,
  rights: z
    .array(z.enum(keyRights))
    .min(1)
    .max(keyRights.length)
    .refine((names) => new Set(names).size === names.length, 'must not name a right twice'),
});

export const apiKeySchema = z.object({
  id: z.string().describe('`key_…`: the OAuth client id; names the secret without giving it away.'),
  name: z.string(),
  rights: z.array(z.enum(keyRights)),
  createdAt: moment,
  lastUsedAt: moment.optional().describe('Accurate to a minute; missing when it was never used.'),
});

export const apiKeyWithSecretSchema = apiKeySchema.extend({
  secret: z.string().describe('`sk_…`: shown this once, only a hash is stored.'),
});

export const apiKeyListSchema = listSchema(apiKeySchema);

export type CreateApiKey = z.infer<typeof createApiKeySchema>;
export type ApiKey = z.infer<typeof apiKeySchema>;
export type ApiKeyWithSecret = z.infer<typeof apiKeyWithSecretSchema>;
