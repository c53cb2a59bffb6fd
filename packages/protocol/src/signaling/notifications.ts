import * as z from 'zod/mini';
import { objectIdSchema } from '../ids.ts';
import {
  callKindSchema,
  callStateSchema,
  endReasonNameSchema,
  identitySchema,
  participantSchema,
  producerSchema,
  roomRulesSchema,
} from './call.ts';
import { roles } from '../roles.ts';
import { errorCodeSchema } from './errorCode.ts';
import { iceServerSchema, rtpCapabilitiesSchema } from './rtp.ts';

const ofCall = { callId: objectIdSchema };
const ofParticipant = { callId: objectIdSchema, participantId: objectIdSchema };

/** Everything the server tells a client unasked, past tense, with the schema of its data. */
export const notificationTable = {
  /** The first notification on every connection, and only there. */
  welcomed: z.object({
    protocolVersion: z.string(),
    identity: identitySchema,
    /** Names this connection among the user's devices. */
    endpointId: objectIdSchema,
    /** What the routers forward: load it into mediasoup-client's Device before entering a call. */
    routerRtpCapabilities: rtpCapabilitiesSchema,
    iceServers: z.array(iceServerSchema),
    /** Milliseconds since the Unix epoch. */
    tokenExpiresAtMs: z.number(),
  }),
  /** The connection is about to be closed by the server for this reason. */
  sessionEnded: z.object({ code: errorCodeSchema, message: z.string() }),
  /** Somebody rings this user; answer with `acceptCall` or `rejectCall`. */
  incomingCall: z.object({ ...ofCall, kind: callKindSchema, caller: identitySchema }),
  /** This device need not ring any more: canceled, no_answer, answered_elsewhere, declined on another device. */
  incomingCallEnded: z.object({ ...ofCall, reason: endReasonNameSchema }),
  /** The call's own state changed. */
  callStateChanged: z.object({ ...ofCall, state: callStateSchema }),
  /** This participant is out of the call; nothing more follows about it. */
  callEnded: z.object({ ...ofCall, reason: endReasonNameSchema }),
  /** A new participant, or a callee who was ringing and is connected now. */
  participantJoined: z.object({ ...ofCall, participant: participantSchema }),
  /** To everyone, the participant included, whose streams that the new role does not allow end with it. */
  roleChanged: z.object({ ...ofParticipant, role: z.enum(roles) }),
  /** The streams that the room does not allow any more end with it. */
  roomRulesChanged: z.object({ ...ofCall, roomRules: roomRulesSchema }),
  participantLeft: z.object({ ...ofParticipant, reason: endReasonNameSchema }),
  producerAdded: z.object({ ...ofParticipant, producer: producerSchema }),
  /** Also to its owner when the server has done it, as a backend that mutes somebody asks for. */
  producerPaused: z.object({ ...ofParticipant, producerId: objectIdSchema }),
  producerResumed: z.object({ ...ofParticipant, producerId: objectIdSchema }),
  /** Its consumers are closed with it. Also to its owner when the role does not allow it any more. */
  producerRemoved: z.object({ ...ofParticipant, producerId: objectIdSchema }),
  /** Who is heard to speak now, the loudest first. */
  speakersChanged: z.object({ ...ofCall, participantIds: z.array(objectIdSchema) }),
} as const;

export type NotificationName = keyof typeof notificationTable;
export type NotificationData<Name extends NotificationName> = z.infer<(typeof notificationTable)[Name]>;

/** A notification of any name, with the data of that name. */
export type Notification = {
  [Name in NotificationName]: { name: Name; data: NotificationData<Name> };
}[NotificationName];
