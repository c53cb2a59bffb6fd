import * as z from 'zod';
import { listSchema } from './fields.ts';

/** One of the others of the same application, as a user sees them. */
export const contactSchema = z.object({
  id: z.string(),
  displayName: z.string(),
  presence: z.enum(['offline', 'online', 'busy']).describe('`busy` is in a call.'),
});

export const contactListSchema = listSchema(contactSchema);

export type Contact = z.infer<typeof contactSchema>;
