import * as z from 'zod/mini';
import { toldCallSettingsSchema } from '../callSettings.ts';
import { endReasonNames } from '../endReasons.ts';
import { displayNameSchema, objectIdSchema, userIdSchema } from '../ids.ts';
import { roles } from '../roles.ts';
import { chatMessageSchema } from './chat.ts';
import { toldCustomItemsSchema } from './customItems.ts';
import { openEnum } from './openEnum.ts';
import { mediaSources, mediaSourceSchema } from './rtp.ts';

// Of most things here there are two schemas. Servers keep what is exactly as it should be. Clients are told it by servers
// that may be newer: a name not known here reads as the one that comes nearest, and what is within bounds is the server's
// to say.

export const endReasonNameSchema = openEnum(endReasonNames, 'failed');

const identityKinds = ['user', 'guest', 'anonymous'] as const;

/** Who somebody is, as the token said it. */
export const identitySchema = z.object({
  userId: userIdSchema,
  displayName: displayNameSchema,
  kind: z.enum(identityKinds),
});

export type Identity = z.infer<typeof identitySchema>;

export const toldIdentitySchema = z.object({
  userId: z.string(),
  displayName: z.string(),
  kind: openEnum(identityKinds, 'user'),
});

/** Of the roles that stand above nobody the one that may do most: what it may not after all, the server refuses. */
export const toldRoleSchema = openEnum(roles, 'attendee');

/** One stream of media that a participant sends. Its id outlives the transports it is sent over. */
export const producerSchema = z.object({
  id: objectIdSchema,
  source: mediaSourceSchema,
  /** True while its sender sends no packets, as a muted microphone does. */
  paused: z.boolean(),
});

export type ProducerInfo = z.infer<typeof producerSchema>;

export const toldProducerSchema = z.object({
  id: z.string(),
  /** `unknown` is what there is no use for in this version. */
  source: openEnum([...mediaSources, 'unknown'], 'unknown'),
  paused: z.boolean(),
});

export type ToldProducer = z.infer<typeof toldProducerSchema>;

/** `reconnecting` while the connection is lost and the place is kept; media may well flow on. */
export const participantStateSchema = openEnum(['ringing', 'connected', 'reconnecting'], 'connected');

export type ParticipantState = z.infer<typeof participantStateSchema>;

/**
 * One endpoint in a call, or one callee being rung. A user with two devices in a call is two participants;
 * a callee who accepts keeps the participant id that was ringing, and so does who comes back after a loss.
 */
export const participantSchema = z.object({
  id: z.string(),
  identity: toldIdentitySchema,
  role: toldRoleSchema,
  state: participantStateSchema,
  /** Neither sends nor receives for the time being, as somebody does who has another call. */
  isOnHold: z.boolean(),
  /** When the hand was raised; missing while it is down. */
  handRaisedAtMs: z.optional(z.number()),
  producers: z.array(toldProducerSchema),
});

export type ParticipantInfo = z.infer<typeof participantSchema>;

const callKinds = ['direct', 'group', 'room'] as const;

export const callKindSchema = z.enum(callKinds);

/** `direct` rings one person, `group` several, `room` is entered by its id. */
export type CallKind = z.infer<typeof callKindSchema>;

export const toldCallKindSchema = openEnum(callKinds, 'group');

const callStates = ['ringing', 'connected'] as const;

/** `ringing` until the first callee accepts; a room is `connected` from the start. */
export const callStateSchema = z.enum(callStates);

export type CallState = z.infer<typeof callStateSchema>;

export const toldCallStateSchema = openEnum(callStates, 'connected');

/** What the room takes away from its roles. */
export const roomRulesSchema = z.object({ attendeesMayShare: z.boolean() });

/** Somebody who waits to be let in. */
export const lobbyEntrySchema = z.object({
  participantId: z.string(),
  identity: toldIdentitySchema,
  sinceMs: z.number(),
});

export type LobbyEntry = z.infer<typeof lobbyEntrySchema>;

/** Whom each of the slots carries that stand for the loudest; one without a participant is silent. */
export const audioSlotSchema = z.object({
  /** The `producerId` of the slot's consumer, the same for everyone in the call. */
  slotId: z.string(),
  participantId: z.optional(z.string()),
  /** The stream it carries: `microphone` of the participant, as a rule. */
  producerId: z.optional(z.string()),
});

export type AudioSlot = z.infer<typeof audioSlotSchema>;

/** Everything a client needs to rebuild its picture of a call. */
export const callSnapshotSchema = z.object({
  id: z.string(),
  kind: toldCallKindSchema,
  state: toldCallStateSchema,
  roomId: z.optional(z.string()),
  settings: toldCallSettingsSchema,
  /** Missing without a room: then the table of roles is all there is. */
  roomRules: z.optional(roomRulesSchema),
  /** The receiver of the snapshot is one of them. */
  participants: z.array(participantSchema),
  /** Only for those who may manage the lobby. */
  lobby: z.optional(z.array(lobbyEntrySchema)),
  /** Who speaks, the loudest first. */
  speakers: z.array(z.string()),
  /** Who has held the floor last; missing while nobody has. */
  dominantSpeaker: z.optional(z.string()),
  /** Whose media reaches the server badly. Missing before version 2.2. */
  weakSenders: z.optional(z.array(z.string())),
  /** Participants everyone is to see large. */
  spotlight: z.array(z.string()),
  customData: toldCustomItemsSchema,
  /** The latest messages, the oldest first. */
  chat: z.array(chatMessageSchema),
  /** Empty while everyone is heard. */
  audioSlots: z.array(audioSlotSchema),
});

export type CallSnapshot = z.infer<typeof callSnapshotSchema>;
