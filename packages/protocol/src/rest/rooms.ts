import * as z from 'zod';
import { roles } from '../roles.ts';
import { label, listSchema, moment, userId } from './fields.ts';

const role = z.enum(roles);

/** Most people a room can be set up for. */
const maxRoomParticipants = 1_000;

/** `POST /v1/rooms` */
export const createRoomSchema = z
  .strictObject({
    name: label.optional(),
    /** `open` admits every user of the application, `invite` those on the roster; guest links admit to both. */
    access: z.enum(['open', 'invite']).default('invite'),
    /** From now on when left out. */
    validFrom: moment.optional(),
    /** 180 days after `validFrom` when left out. */
    validUntil: moment.optional(),
    maxParticipants: z.int().min(1).max(maxRoomParticipants).default(100),
    /** User id to role; the users must exist. */
    roster: z
      .record(userId, role)
      .refine((roster) => Object.keys(roster).length <= maxRoomParticipants, {
        message: `must not name more than ${maxRoomParticipants} users`,
      })
      .default({}),
  })
  .refine(
    ({ validFrom, validUntil }) =>
      validUntil === undefined ||
      Date.parse(validUntil) > (validFrom === undefined ? 0 : Date.parse(validFrom)),
    { path: ['validUntil'], message: 'must be after validFrom' },
  );

export const roomSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  access: z.enum(['open', 'invite']),
  validFrom: moment,
  validUntil: moment,
  maxParticipants: z.int(),
  roster: z.record(z.string(), role),
  createdAt: moment,
});

export const roomListSchema = listSchema(roomSchema);

/** `POST /v1/rooms/{id}/guest-links` */
export const createGuestLinkSchema = z.strictObject({
  role: role.default('attendee'),
  /** Until the room ends when left out; never longer. */
  expiresInSeconds: z.int().min(60).optional(),
  /** As often as one likes when left out. */
  maxUses: z.int().min(1).max(1_000_000).optional(),
});

export const guestLinkSchema = z.object({
  id: z.string(),
  /** Shown this once: the code after the `#` is stored as a hash only. */
  url: z.url(),
  role,
  expiresAt: moment,
  maxUses: z.int().optional(),
});

export type CreateRoom = z.infer<typeof createRoomSchema>;
export type Room = z.infer<typeof roomSchema>;
export type RoomList = z.infer<typeof roomListSchema>;
export type CreateGuestLink = z.infer<typeof createGuestLinkSchema>;
export type GuestLink = z.infer<typeof guestLinkSchema>;
