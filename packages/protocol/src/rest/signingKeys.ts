import * as z from 'zod';
import { listSchema, moment } from './fields.ts';

/** A key that signs tokens, or did. */
export const signingKeySchema = z.object({
  /** As in the header of its tokens and in the JWKS. */
  kid: z.string(),
  createdAt: moment,
  /** Missing for the key that signs now; the others verify until then. */
  verifiesUntil: moment.optional(),
});

export const signingKeyListSchema = listSchema(signingKeySchema);

export type SigningKeyInfo = z.infer<typeof signingKeySchema>;
