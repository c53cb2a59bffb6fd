import * as z from 'zod/mini';
import {
  audioSlotSchema,
  endReasonNameSchema,
  lobbyEntrySchema,
  participantSchema,
  participantStateSchema,
  roomRulesSchema,
  toldCallKindSchema,
  toldCallStateSchema,
  toldIdentitySchema,
  toldProducerSchema,
  toldRoleSchema,
} from './call.ts';
import { chatMessageSchema } from './chat.ts';
import { toldCustomItemsSchema } from './customItems.ts';
import { errorCodeSchema } from './errorCode.ts';
import { consumerSchema, mediaParametersSchema } from './media.ts';
import { joinedSchema } from './place.ts';
import { iceServerSchema } from './rtp.ts';
import { toldRtpCapabilitiesSchema } from './toldRtp.ts';

const ofCall = { callId: z.string() };
const ofParticipant = { callId: z.string(), participantId: z.string() };

/** What concerns the connection of a user, and not a call they have entered; these carry no number. */
const ofConnection = {
  /** The first notification on every connection, and only there. */
  welcomed: z.object({
    protocolVersion: z.string(),
    identity: toldIdentitySchema,
    /** Names this connection among the user's devices. */
    endpointId: z.string(),
    /** What the routers forward: load it into mediasoup-client's Device before entering a call. */
    routerRtpCapabilities: toldRtpCapabilitiesSchema,
    iceServers: z.array(iceServerSchema),
    /** Milliseconds since the Unix epoch; in the past on a connection that may only resume and refresh. */
    tokenExpiresAtMs: z.number(),
  }),
  /** The connection is about to be closed by the server for this reason. */
  sessionEnded: z.object({ code: errorCodeSchema, message: z.string() }),
  /** The token has run out: what goes on goes on, and the rest waits for `refreshToken`. */
  tokenExpired: z.object({}),
  /** Somebody rings this user; answer with `acceptCall` or `rejectCall`. */
  incomingCall: z.object({
    ...ofCall,
    kind: toldCallKindSchema,
    caller: toldIdentitySchema,
    customData: toldCustomItemsSchema,
  }),
  /** This device need not ring any more: canceled, no_answer, answered_elsewhere, declined on another device. */
  incomingCallEnded: z.object({ ...ofCall, reason: endReasonNameSchema }),
} as const;

/** What concerns a call, told to each participant in it; each of these carries that participant's next number. */
const ofParticipation = {
  /** The call's own state changed. */
  callStateChanged: z.object({ ...ofCall, state: toldCallStateSchema }),
  /** A direct call has become a group call. */
  callKindChanged: z.object({ ...ofCall, kind: toldCallKindSchema }),
  /** This participant is out of the call; nothing more follows about it. */
  callEnded: z.object({ ...ofCall, reason: endReasonNameSchema }),
  /** Let in from the lobby: what `joinRoom` would have answered. */
  admitted: z.object({ ...ofCall, joined: joinedSchema }),
  /** Who waits to be let in now; only to those who may manage the lobby. */
  lobbyChanged: z.object({ ...ofCall, lobby: z.array(lobbyEntrySchema) }),
  /** A new participant, or a callee who was ringing and is connected now. */
  participantJoined: z.object({ ...ofCall, participant: participantSchema }),
  participantStateChanged: z.object({ ...ofParticipant, state: participantStateSchema }),
  participantLeft: z.object({ ...ofParticipant, reason: endReasonNameSchema }),
  holdChanged: z.object({ ...ofParticipant, isOnHold: z.boolean() }),
  /** To everyone, the participant included, whose streams that the new role does not allow end with it. */
  roleChanged: z.object({ ...ofParticipant, role: toldRoleSchema }),
  /** The streams that the room does not allow any more end with it. */
  roomRulesChanged: z.object({ ...ofCall, roomRules: roomRulesSchema }),
  producerAdded: z.object({ ...ofParticipant, producer: toldProducerSchema }),
  /** Also to its owner when another has done it, as somebody does who mutes others. */
  producerPaused: z.object({ ...ofParticipant, producerId: z.string() }),
  producerResumed: z.object({ ...ofParticipant, producerId: z.string() }),
  /** Its consumers are closed with it. Also to its owner when the role does not allow it any more. */
  producerRemoved: z.object({ ...ofParticipant, producerId: z.string() }),
  /** The transports are gone, with all that went through them: build these, and produce again what was produced. */
  mediaReset: z.object({ ...ofCall, media: mediaParametersSchema }),
  /** What this client is to receive without having asked for it just now; paused until it asks to resume. */
  consumersAdded: z.object({ ...ofCall, consumers: z.array(consumerSchema) }),
  /** Streams whose producer goes on and which are not forwarded to this client any more. */
  consumersClosed: z.object({ ...ofCall, consumerIds: z.array(z.string()) }),
  /** Which encodings of the receiver's own producer somebody wants, the smallest first; the others need not be sent. */
  encodingsWanted: z.object({ ...ofCall, producerId: z.string(), wanted: z.array(z.boolean()) }),
  /** Whom the slots carry now. */
  audioSlotsChanged: z.object({ ...ofCall, audioSlots: z.array(audioSlotSchema) }),
  /** Who is heard to speak now, the loudest first, and who holds the floor. */
  speakersChanged: z.object({
    ...ofCall,
    participantIds: z.array(z.string()),
    dominantSpeaker: z.optional(z.string()),
  }),
  /** Whose media reaches the server badly now. */
  weakSendersChanged: z.object({ ...ofCall, participantIds: z.array(z.string()) }),
  // What people do in a call, from here on, is told to everyone, who did it included: to all it happened in one order.
  handRaised: z.object({ ...ofParticipant, atMs: z.number() }),
  handLowered: z.object(ofParticipant),
  reactionSent: z.object({ ...ofParticipant, reaction: z.string() }),
  spotlightChanged: z.object({ ...ofCall, participantIds: z.array(z.string()) }),
  /** All items as they are now. */
  customDataChanged: z.object({ ...ofCall, customData: toldCustomItemsSchema }),
  chatSent: z.object({ ...ofCall, message: chatMessageSchema }),
} as const;

/** Everything the server tells a client unasked, past tense, with the schema of its data. */
export const notificationTable = { ...ofConnection, ...ofParticipation } as const;

export type NotificationName = keyof typeof notificationTable;
export type NotificationData<Name extends NotificationName> = z.infer<(typeof notificationTable)[Name]>;

/** A notification of any name, with the data of that name. */
export type Notification = {
  [Name in NotificationName]: { name: Name; data: NotificationData<Name> };
}[NotificationName];

/** Those that carry a number. */
export type CallNotification = Extract<Notification, { name: keyof typeof ofParticipation }>;

export function isCallNotification(notification: Notification): notification is CallNotification {
  return Object.hasOwn(ofParticipation, notification.name);
}
