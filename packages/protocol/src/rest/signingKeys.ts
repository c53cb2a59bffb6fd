import * as z from 'zod';
import { listSchema, moment } from './fields.ts';

/** A key that signs tokens, or did. */
export const signingKeySchema = z.object({
  kid: z.string().describe('As in the header of its tokens and in the JWKS.'),
  createdAt: moment,
  verifiesUntil: moment
    .optional()
    .describe('Missing for the key that signs now; the others verify until then.'),
});

export const signingKeyListSchema = listSchema(signingKeySchema);

export type SigningKeyInfo = z.infer<typeof signingKeySchema>;
