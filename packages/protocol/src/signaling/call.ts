import * as z from 'zod/mini';
import { endReasonNames } from '../endReasons.ts';
import { displayNameSchema, objectIdSchema, userIdSchema } from '../ids.ts';
import { roles } from '../roles.ts';
import { openEnum } from './openEnum.ts';
import { mediaSourceSchema } from './rtp.ts';

export const endReasonNameSchema = openEnum(endReasonNames, 'failed');

/** Who somebody is, as the token said it. */
export const identitySchema = z.object({
  userId: userIdSchema,
  displayName: displayNameSchema,
  kind: z.enum(['user', 'guest', 'anonymous']),
});

export type Identity = z.infer<typeof identitySchema>;

/** One stream of media that a participant sends. */
export const producerSchema = z.object({
  id: objectIdSchema,
  source: mediaSourceSchema,
  /** True while its sender sends no packets, as a muted microphone does. */
  paused: z.boolean(),
});

export type ProducerInfo = z.infer<typeof producerSchema>;

/**
 * One endpoint in a call, or one callee being rung. A user with two devices in a call is two participants;
 * a callee who accepts keeps the participant id that was ringing.
 */
export const participantSchema = z.object({
  id: objectIdSchema,
  identity: identitySchema,
  role: z.enum(roles),
  state: z.enum(['ringing', 'connected']),
  producers: z.array(producerSchema),
});

export type ParticipantInfo = z.infer<typeof participantSchema>;

export const callKindSchema = z.enum(['direct', 'group', 'room']);

export type CallKind = z.infer<typeof callKindSchema>;

/** `ringing` until the first callee accepts; a room is `connected` from the start. */
export const callStateSchema = z.enum(['ringing', 'connected']);

export type CallState = z.infer<typeof callStateSchema>;

/** What the room takes away from its roles. */
export const roomRulesSchema = z.object({ attendeesMayShare: z.boolean() });

/** Everything a client needs to rebuild its picture of a call. */
export const callSnapshotSchema = z.object({
  id: objectIdSchema,
  kind: callKindSchema,
  state: callStateSchema,
  roomId: z.optional(objectIdSchema),
  /** Missing without a room, and from a server that does not tell: then the table of roles is all there is. */
  roomRules: z.optional(roomRulesSchema),
  /** The receiver of the snapshot is one of them. */
  participants: z.array(participantSchema),
});

export type CallSnapshot = z.infer<typeof callSnapshotSchema>;
