import * as z from 'zod';
import { roles } from '../roles.ts';
import { changedCallSettings, patchedCallSettings } from './callSettings.ts';
import { label, listSchema, moment, userId } from './fields.ts';

export const roomRole = z.enum(roles);

/** Most people a room can be set up for. */
export const maxRoomParticipants = 1_000;

const roster = z
  .record(userId, roomRole)
  .refine((entries) => Object.keys(entries).length <= maxRoomParticipants, {
    message: `must not name more than ${maxRoomParticipants} users`,
  });

const access = z.enum(['open', 'invite']);
const maxParticipants = z.int().min(1).max(maxRoomParticipants);

const windowFault = { path: ['validUntil'], message: 'must be after validFrom' };

/** Whether a room's window, as far as it is given, has a length. */
function hasLength(window: {
  validFrom?: string | null | undefined;
  validUntil?: string | null | undefined;
}) {
  const { validFrom, validUntil } = window;

  return (
    validFrom === undefined ||
    validFrom === null ||
    validUntil === undefined ||
    validUntil === null ||
    Date.parse(validUntil) > Date.parse(validFrom)
  );
}

/** `POST /v1/rooms` */
export const createRoomSchema = z
  .strictObject({
    name: label.optional(),
    access: access
      .default('invite')
      .describe(
        '`open` admits every user of the application, `invite` those on the roster; guest links admit to both.',
      ),
    lobby: z.boolean().default(false).describe('Everybody but presenters waits until somebody lets them in.'),
    validFrom: moment.optional().describe('From now on when left out.'),
    validUntil: moment.optional().describe('180 days after `validFrom` when left out.'),
    maxParticipants: maxParticipants.default(100),
    attendeesMayShare: z.boolean().default(true).describe('Whether the role `attendee` may share a screen.'),
    callSettings: changedCallSettings
      .default({})
      .describe(
        "How the room's calls behave, from the next one on; those left out are those of the application.",
      ),
    roster: roster.default({}).describe('User id to role; the users must exist.'),
  })
  .refine(hasLength, windowFault);

/**
 * `PATCH /v1/rooms/{roomId}`, a merge patch (RFC 7396): what is left out stays, null restores what a new room would
 * have, and in the roster null takes a user off.
 */
export const updateRoomSchema = z
  .strictObject({
    name: label.nullable().optional(),
    access: access.nullable().optional(),
    lobby: z.boolean().nullable().optional(),
    validFrom: moment.nullable().optional(),
    validUntil: moment.nullable().optional(),
    maxParticipants: maxParticipants.nullable().optional(),
    attendeesMayShare: z.boolean().nullable().optional(),
    callSettings: patchedCallSettings.nullable().optional(),
    roster: z.record(userId, roomRole.nullable()).nullable().optional(),
  })
  .refine(hasLength, windowFault);

export const roomSchema = z.object({
  id: z.string(),
  name: z.string().optional(),
  access,
  lobby: z.boolean(),
  validFrom: moment,
  validUntil: moment,
  maxParticipants: z.int(),
  attendeesMayShare: z.boolean(),
  callSettings: changedCallSettings,
  roster: z.record(z.string(), roomRole),
  createdAt: moment,
});

export const roomListSchema = listSchema(roomSchema);

export type CreateRoom = z.infer<typeof createRoomSchema>;
export type UpdateRoom = z.infer<typeof updateRoomSchema>;
export type Room = z.infer<typeof roomSchema>;
