import * as z from 'zod/mini';
import { callSettingsSchema } from '../callSettings.ts';
import { endReasonNames } from '../endReasons.ts';
import { displayNameSchema, objectIdSchema, userIdSchema } from '../ids.ts';
import { roles } from '../roles.ts';
import { chatMessageSchema } from './chat.ts';
import { customItemsSchema } from './customItems.ts';
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

/** One stream of media that a participant sends. Its id outlives the transports it is sent over. */
export const producerSchema = z.object({
  id: objectIdSchema,
  source: mediaSourceSchema,
  /** True while its sender sends no packets, as a muted microphone does. */
  paused: z.boolean(),
});

export type ProducerInfo = z.infer<typeof producerSchema>;

/** `reconnecting` while the connection is lost and the place is kept; media may well flow on. */
export const participantStateSchema = z.enum(['ringing', 'connected', 'reconnecting']);

export type ParticipantState = z.infer<typeof participantStateSchema>;

/**
 * One endpoint in a call, or one callee being rung. A user with two devices in a call is two participants;
 * a callee who accepts keeps the participant id that was ringing, and so does who comes back after a loss.
 */
export const participantSchema = z.object({
  id: objectIdSchema,
  identity: identitySchema,
  role: z.enum(roles),
  state: participantStateSchema,
  /** Neither sends nor receives for the time being, as somebody does who has another call. */
  isOnHold: z.boolean(),
  /** When the hand was raised; missing while it is down. */
  handRaisedAtMs: z.optional(z.number()),
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

/** Somebody who waits to be let in. */
export const lobbyEntrySchema = z.object({
  participantId: objectIdSchema,
  identity: identitySchema,
  sinceMs: z.number(),
});

export type LobbyEntry = z.infer<typeof lobbyEntrySchema>;

/** Whom each of the slots carries that stand for the loudest; one without a participant is silent. */
export const audioSlotSchema = z.object({
  /** The `producerId` of the slot's consumer, the same for everyone in the call. */
  slotId: objectIdSchema,
  participantId: z.optional(objectIdSchema),
  /** The stream it carries: `microphone` of the participant, as a rule. */
  producerId: z.optional(objectIdSchema),
});

export type AudioSlot = z.infer<typeof audioSlotSchema>;

/** Everything a client needs to rebuild its picture of a call. */
export const callSnapshotSchema = z.object({
  id: objectIdSchema,
  kind: callKindSchema,
  state: callStateSchema,
  roomId: z.optional(objectIdSchema),
  settings: callSettingsSchema,
  /** Missing without a room: then the table of roles is all there is. */
  roomRules: z.optional(roomRulesSchema),
  /** The receiver of the snapshot is one of them. */
  participants: z.array(participantSchema),
  /** Only for those who may manage the lobby. */
  lobby: z.optional(z.array(lobbyEntrySchema)),
  /** Who speaks, the loudest first. */
  speakers: z.array(objectIdSchema),
  /** Who has held the floor last; missing while nobody has. */
  dominantSpeaker: z.optional(objectIdSchema),
  /** Participants everyone is to see large. */
  spotlight: z.array(objectIdSchema),
  customData: customItemsSchema,
  /** The latest messages, the oldest first. */
  chat: z.array(chatMessageSchema),
  /** Empty while everyone is heard. */
  audioSlots: z.array(audioSlotSchema),
});

export type CallSnapshot = z.infer<typeof callSnapshotSchema>;
