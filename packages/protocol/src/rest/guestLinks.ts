import * as z from 'zod';
import { listSchema, moment } from './fields.ts';
import { roomRole } from './rooms.ts';

/** `POST /v1/rooms/{roomId}/guest-links` */
export const createGuestLinkSchema = z.strictObject({
  role: roomRole.default('attendee'),
  expiresInSeconds: z
    .int()
    .min(60)
    .max(10 * 366 * 24 * 60 * 60)
    .optional()
    .describe('Until the room ends when left out; never longer.'),
  maxUses: z.int().min(1).max(1_000_000).optional().describe('As often as one likes when left out.'),
});

export const guestLinkSchema = z.object({
  id: z.string(),
  role: roomRole,
  expiresAt: moment,
  maxUses: z.int().optional(),
  uses: z.int(),
  createdAt: moment,
});

export const guestLinkWithUrlSchema = guestLinkSchema.extend({
  url: z.url().describe('Shown this once: the code after the `#` is stored as a hash only.'),
});

export const guestLinkListSchema = listSchema(guestLinkSchema);

export type CreateGuestLink = z.infer<typeof createGuestLinkSchema>;
export type GuestLink = z.infer<typeof guestLinkSchema>;
export type GuestLinkWithUrl = z.infer<typeof guestLinkWithUrlSchema>;
