import * as z from 'zod';
import { label } from './fields.ts';
import { issuedTokenSchema } from './tokens.ts';

/** `POST /v1/guest-sessions`: what a visitor's page sends, with no key. */
export const createGuestSessionSchema = z.strictObject({
  code: z.string().min(1).max(128).describe('The part of the guest link after the `#`.'),
  displayName: label,
});

/** A token for one fresh identity in the link's room. */
export const guestSessionSchema = issuedTokenSchema.extend({
  roomId: z.string(),
  roomName: z.string().optional(),
});

export type CreateGuestSession = z.infer<typeof createGuestSessionSchema>;
export type GuestSession = z.infer<typeof guestSessionSchema>;
