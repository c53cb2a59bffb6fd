import * as z from 'zod/mini';
import { changedCallSettingsSchema } from '../callSettings.ts';
import { objectIdSchema, userIdSchema } from '../ids.ts';
import { roles } from '../roles.ts';
import { endReasonNameSchema } from './call.ts';
import { chatMessageSchema, chatTextSchema } from './chat.ts';
import { customItemChangesSchema, customItemsSchema } from './customItems.ts';
import {
  consumerSchema,
  dataChannels,
  mediaOfferSchema,
  mediaParametersSchema,
  restartedIceSchema,
} from './media.ts';
import { enteredSchema, joinedSchema, redirectSchema, resumedSchema, snapshotSchema } from './place.ts';
import {
  iceServerSchema,
  mediaSourceSchema,
  rtpParametersSchema,
  sctpStreamParametersSchema,
} from './rtp.ts';
import { maxTokenLength } from './socket.ts';
import { surveySchema } from './survey.ts';

/** What lets a client come back to its place; each answer that carries one voids those before it. */
const resumeTokenSchema = z.string().check(z.minLength(16), z.maxLength(128));

const empty = z.object({});
const ofCall = { callId: objectIdSchema };
/** What every request that enters a call there is already may carry. */
const entering = {
  media: mediaOfferSchema,
  /** Has the other devices of the user that asked to enter before this one leave the call once this one is in it. */
  kickSiblings: z.optional(z.boolean()),
};
const callOnly = z.object(ofCall);
const ofParticipant = z.object({ ...ofCall, participantId: objectIdSchema });
const producerOnly = z.object({ ...ofCall, producerId: objectIdSchema });
const consumerIds = z.object({
  ...ofCall,
  consumerIds: z.array(objectIdSchema).check(z.minLength(1), z.maxLength(100)),
});

/** The most callees one request may ring. */
export const maxCallees = 50;

const calleesSchema = z.array(userIdSchema).check(z.minLength(1), z.maxLength(maxCallees));

/** Callees that could not be rung while others could, as they were dialled. */
const unreachable = z.array(z.object({ userId: z.string(), reason: endReasonNameSchema }));

/** The most participants everyone can be asked to see large. */
export const maxSpotlights = 7;

/** The least that a client may limit what it receives to, bits per second: less than that the worker takes for this. */
export const minReceiveBitrate = 30_000;

/** Of pictures, and of where they are shown. */
const pixelSize = z.object({
  width: z.int().check(z.minimum(1), z.maximum(16_384)),
  height: z.int().check(z.minimum(1), z.maximum(16_384)),
});

/** Every request a client can make: the schema of its data and of its answer. */
export const requestTable = {
  /** Rings the callees and enters the new call. Fails when not one of them can be rung. */
  startCall: {
    data: z.object({
      /** User ids and E.164 numbers; a number rings the user who has it. */
      callees: calleesSchema,
      media: mediaOfferSchema,
      /** Those of the application with these changed, which ask for no more than it allows. */
      settings: z.optional(changedCallSettingsSchema),
      /** Shown to the callees while they ring, and the call's own from the start. */
      customData: z.optional(customItemsSchema),
    }),
    answer: z.discriminatedUnion('action', [z.extend(joinedSchema, { unreachable }), redirectSchema]),
  },
  /** Enters the room's call, which begins with its first participant. */
  joinRoom: { data: z.object({ roomId: objectIdSchema, ...entering }), answer: enteredSchema },
  /** Enters a group call that one was rung in, or was in before. */
  joinCall: { data: z.object({ ...ofCall, ...entering }), answer: enteredSchema },
  /** Answers an `incomingCall`; the first device of a user to do so wins. Other calls of the device are held. */
  acceptCall: { data: z.object({ ...ofCall, ...entering }), answer: enteredSchema },
  /** Declines an `incomingCall` on all devices of the user. */
  rejectCall: { data: callOnly, answer: empty },
  leaveCall: { data: callOnly, answer: empty },
  /** Ends the call for everyone; needs the action `endForEveryone`. */
  endCall: { data: callOnly, answer: empty },

  /** Comes back to one's place after the connection was lost, or changed. */
  resume: {
    data: z.object({
      ...ofCall,
      resumeToken: resumeTokenSchema,
      /** Of the last notification that arrived. */
      sequence: z.int(),
    }),
    answer: resumedSchema,
  },
  /** New ICE credentials for both transports, and ICE servers to try them with. */
  restartIce: {
    data: callOnly,
    answer: z.object({ iceServers: z.array(iceServerSchema), ice: restartedIceSchema }),
  },
  /** Everything anew, for a client that has found a gap in the numbers. */
  getSnapshot: { data: callOnly, answer: snapshotSchema },
  /** Goes on with a newer token of the same user. */
  refreshToken: {
    data: z.object({ token: z.string().check(z.minLength(1), z.maxLength(maxTokenLength)) }),
    answer: z.object({ tokenExpiresAtMs: z.number() }),
  },

  /** Sends one more stream of media over the send transport. One producer a source, whose id stays the same. */
  produce: {
    data: z.object({
      ...ofCall,
      /** The send transport the parameters were made for: refused when it is not the present one. */
      transportId: z.string().check(z.maxLength(64)),
      source: mediaSourceSchema,
      rtpParameters: rtpParametersSchema,
      paused: z.boolean(),
      /** How large the pictures are before any encoding makes them smaller, in pixels: which one is forwarded follows. */
      size: z.optional(pixelSize),
    }),
    answer: z.object({ producerId: z.string() }),
  },
  pauseProducer: { data: producerOnly, answer: empty },
  resumeProducer: { data: producerOnly, answer: empty },
  closeProducer: { data: producerOnly, answer: empty },
  /** Its pictures are as large as that from now on, as after the change to another camera. */
  resizeProducer: {
    data: z.object({ ...ofCall, producerId: objectIdSchema, size: pixelSize }),
    answer: empty,
  },
  /** Receives pictures over the receive transport. The consumers are made paused. */
  consume: {
    data: z.object({
      ...ofCall,
      producerIds: z.array(objectIdSchema).check(z.minLength(1), z.maxLength(100)),
    }),
    answer: z.object({
      consumers: z.array(consumerSchema),
      /**
       * Those that are not sent any more, are the client's own or of a codec that it cannot receive. What is in neither
       * list is not sent at the moment and comes with `consumersAdded` when it is.
       */
      unavailable: z.optional(z.array(z.string())),
    }),
  },
  /** The client is ready to play these; video starts with a key frame. */
  resumeConsumers: { data: consumerIds, answer: empty },
  pauseConsumers: { data: consumerIds, answer: empty },
  closeConsumers: { data: consumerIds, answer: empty },
  /** How large pictures are shown, in device pixels; what is forwarded follows. */
  setViewports: {
    data: z.object({
      ...ofCall,
      viewports: z
        .array(
          z.object({
            consumerId: objectIdSchema,
            width: z.int().check(z.minimum(1), z.maximum(16_384)),
            height: z.int().check(z.minimum(1), z.maximum(16_384)),
          }),
        )
        .check(z.minLength(1), z.maxLength(100)),
    }),
    answer: empty,
  },
  /**
   * The most that the server sends of pictures over the receive transport, bits per second; with null as much as the
   * network takes. It stays for as long as the place in the call does, whatever transports there are.
   */
  setMaxReceiveBitrate: {
    data: z.object({
      ...ofCall,
      maxBitrate: z.nullable(z.int().check(z.minimum(minReceiveBitrate), z.maximum(1_000_000_000))),
    }),
    answer: empty,
  },
  /** Opens one of the two data channels to everyone else in the call. */
  produceData: {
    data: z.object({
      ...ofCall,
      transportId: z.string().check(z.maxLength(64)),
      channel: z.enum(dataChannels),
      sctpStreamParameters: sctpStreamParametersSchema,
    }),
    answer: z.object({ dataProducerId: z.string() }),
  },

  /** Neither sends nor receives until `unholdCall`; the others are told. */
  holdCall: { data: callOnly, answer: empty },
  unholdCall: { data: callOnly, answer: empty },
  /** Rings more users into the call; a direct call becomes a group call. */
  addParticipants: {
    data: z.object({ ...ofCall, callees: calleesSchema }),
    answer: z.object({
      added: z.array(z.object({ userId: z.string(), participantId: z.string() })),
      unreachable,
    }),
  },
  /** Rings somebody no more. */
  cancelRinging: { data: ofParticipant, answer: empty },
  /** Puts somebody out, who cannot come back unless they are rung in again. */
  removeParticipant: { data: ofParticipant, answer: empty },
  /** Mutes microphones of others: of all who may be heard when nobody is named. They may unmute themselves. */
  muteParticipants: {
    data: z.object({
      ...ofCall,
      participantIds: z.optional(z.array(objectIdSchema).check(z.minLength(1), z.maxLength(100))),
    }),
    answer: empty,
  },
  changeRole: { data: z.extend(ofParticipant, { role: z.enum(roles) }), answer: empty },
  admitParticipants: {
    data: z.object({
      ...ofCall,
      participantIds: z.array(objectIdSchema).check(z.minLength(1), z.maxLength(100)),
    }),
    answer: empty,
  },
  denyParticipants: {
    data: z.object({
      ...ofCall,
      participantIds: z.array(objectIdSchema).check(z.minLength(1), z.maxLength(100)),
    }),
    answer: empty,
  },

  raiseHand: { data: callOnly, answer: empty },
  /** One's own, or somebody else's with the action `lowerHands`. */
  lowerHand: { data: z.extend(callOnly, { participantId: z.optional(objectIdSchema) }), answer: empty },
  /** Told to everyone and kept nowhere. */
  sendReaction: {
    data: z.object({
      ...ofCall,
      reaction: z.string().check(z.minLength(1), z.maxLength(32), z.regex(/^\P{C}+$/u)),
    }),
    answer: empty,
  },
  /** Whom everyone is to see large, the most important first; an empty list ends it. */
  setSpotlight: {
    data: z.object({ ...ofCall, participantIds: z.array(objectIdSchema).check(z.maxLength(maxSpotlights)) }),
    answer: empty,
  },
  setCustomData: { data: z.object({ ...ofCall, items: customItemChangesSchema }), answer: empty },
  sendChat: {
    data: z.object({ ...ofCall, text: chatTextSchema }),
    answer: z.object({ message: chatMessageSchema }),
  },
  /** What the participant thought of the call, also after it: for ten minutes from its end. */
  submitSurvey: { data: z.extend(ofParticipant, { survey: surveySchema }), answer: empty },

  /** Two transports for trying the network, without a call; one probe at a time for each connection. */
  startProbe: {
    data: z.object({ media: mediaOfferSchema }),
    answer: z.object({ probeId: z.string(), media: mediaParametersSchema }),
  },
  /** Sends a stream over the probe's send transport and gets it back over the other one, at once. One of each kind. */
  loopBack: {
    data: z.object({
      probeId: objectIdSchema,
      kind: z.enum(['audio', 'video']),
      rtpParameters: rtpParametersSchema,
    }),
    answer: z.object({ consumer: consumerSchema }),
  },
  endProbe: { data: z.object({ probeId: objectIdSchema }), answer: empty },
} as const;

export type RequestName = keyof typeof requestTable;
export type RequestData<Name extends RequestName> = z.infer<(typeof requestTable)[Name]['data']>;
export type RequestAnswer<Name extends RequestName> = z.infer<(typeof requestTable)[Name]['answer']>;

export const requestNames = Object.keys(requestTable) as [RequestName, ...RequestName[]];
