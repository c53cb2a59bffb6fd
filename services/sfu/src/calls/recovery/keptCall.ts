import {
  callKindSchema,
  callSettingsSchema,
  callStateSchema,
  chatMessageSchema,
  customItemsSchema,
  identitySchema,
  mediaOfferSchema,
  objectIdSchema,
  producerSchema,
  roles,
  rtpCapabilitiesSchema,
  sessionScopes,
} from '@parley/protocol';
import * as z from 'zod/mini';

/** The capabilities of the client by the name they have in the call's. */
const offerSchema = z.extend(z.omit(mediaOfferSchema, { rtpCapabilities: true }), {
  capabilities: z.string(),
});

const keptPlaceSchema = z.object({
  id: objectIdSchema,
  identity: identitySchema,
  role: z.enum(roles),
  epoch: z.int(),
  /** Missing from what an earlier version has written. */
  turn: z.optional(z.int()),
  /** Of the last notification that had been given when this was written. */
  sequence: z.int(),
  resumeTokens: z.object({ present: z.string(), previous: z.optional(z.string()) }),
  scopes: z.array(z.enum(sessionScopes)),
  guestOf: z.optional(z.object({ roomId: z.string(), role: z.enum(roles) })),
  /** What a revocation is compared with: nothing that lets anybody in. */
  token: z.object({
    applicationId: z.string(),
    userId: z.string(),
    grantId: z.string(),
    issuedAtMs: z.number(),
  }),
  offer: offerSchema,
});

export type KeptPlace = z.infer<typeof keptPlaceSchema>;

const keptParticipantSchema = z.extend(keptPlaceSchema, {
  isOnHold: z.boolean(),
  handRaisedAtMs: z.optional(z.number()),
  producers: z.array(producerSchema),
});

export type KeptParticipant = z.infer<typeof keptParticipantSchema>;

/** Somebody before the door. */
const keptWaiterSchema = z.extend(keptPlaceSchema, {
  sinceMs: z.number(),
  capacity: z.optional(z.number()),
  kickSiblings: z.optional(z.boolean()),
});

export type KeptWaiter = z.infer<typeof keptWaiterSchema>;

/** What of a call outlives the process. */
export const keptCallSchema = z.object({
  version: z.literal(1),
  id: objectIdSchema,
  applicationId: z.string(),
  kind: callKindSchema,
  state: callStateSchema,
  roomId: z.optional(objectIdSchema),
  settings: callSettingsSchema,
  participants: z.array(keptParticipantSchema),
  waiting: z.prefault(z.array(keptWaiterSchema), []),
  /** Ids of those who ring: they do so no more. */
  ringing: z.array(objectIdSchema),
  /** Those of the clients, each once: a thousand browsers of one make have the same. */
  capabilities: z.record(z.string(), rtpCapabilitiesSchema),
  members: z.record(z.string(), z.enum(roles)),
  removals: z.array(z.object({ userId: z.string(), epoch: z.int(), isOut: z.boolean() })),
  features: z.object({
    spotlight: z.array(objectIdSchema),
    customData: customItemsSchema,
    chat: z.array(chatMessageSchema),
  }),
});

export type KeptCall = z.infer<typeof keptCallSchema>;
