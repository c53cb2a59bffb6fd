import * as z from 'zod/mini';
import { objectIdSchema, userIdSchema } from '../ids.ts';
import { callSnapshotSchema, endReasonNameSchema } from './call.ts';
import {
  dtlsFingerprintSchema,
  mediaSourceSchema,
  rtpCapabilitiesSchema,
  rtpParametersSchema,
  transportParametersSchema,
} from './rtp.ts';

/**
 * The media half of entering a call. Both of the client's peer connections use one certificate made
 * beforehand, so its fingerprint is known before any offer and the server connects both transports at once.
 */
const mediaOfferSchema = z.object({
  /** What the client can receive, as mediasoup-client's `device.rtpCapabilities` says it. */
  rtpCapabilities: rtpCapabilitiesSchema,
  dtlsFingerprints: z.array(dtlsFingerprintSchema).check(z.minLength(1), z.maxLength(8)),
});

export type MediaOffer = z.infer<typeof mediaOfferSchema>;

/** The answer to every request that enters a call: all that is needed to send and receive. */
const joinedSchema = z.object({
  participantId: objectIdSchema,
  call: callSnapshotSchema,
  sendTransport: transportParametersSchema,
  receiveTransport: transportParametersSchema,
});

export type Joined = z.infer<typeof joinedSchema>;

const consumerSchema = z.object({
  id: objectIdSchema,
  producerId: objectIdSchema,
  kind: z.enum(['audio', 'video']),
  rtpParameters: rtpParametersSchema,
});

export type ConsumerInfo = z.infer<typeof consumerSchema>;

const empty = z.object({});
const callOnly = z.object({ callId: objectIdSchema });
const producerOnly = z.object({ callId: objectIdSchema, producerId: objectIdSchema });
const consumerIds = z.object({
  callId: objectIdSchema,
  consumerIds: z.array(objectIdSchema).check(z.minLength(1), z.maxLength(100)),
});

/** The most callees one `startCall` may ring. */
export const maxCallees = 50;

/** Every request a client can make: the schema of its data and of its answer. */
export const requestTable = {
  /** Rings the callees and enters the new call. Fails when not one of them can be rung. */
  startCall: {
    data: z.object({
      /** User ids and E.164 numbers; a number rings the user who has it. */
      callees: z.array(userIdSchema).check(z.minLength(1), z.maxLength(maxCallees)),
      media: mediaOfferSchema,
    }),
    answer: z.extend(joinedSchema, {
      /** Callees that could not be rung while others could, as they were dialled. */
      unreachable: z.array(z.object({ userId: userIdSchema, reason: endReasonNameSchema })),
    }),
  },
  /** Enters the room's call, which begins with its first participant. */
  joinRoom: {
    data: z.object({ roomId: objectIdSchema, media: mediaOfferSchema }),
    answer: joinedSchema,
  },
  /** Answers an `incomingCall`; the first device of a user to do so wins. */
  acceptCall: {
    data: z.object({ callId: objectIdSchema, media: mediaOfferSchema }),
    answer: joinedSchema,
  },
  /** Declines an `incomingCall` on all devices of the user. */
  rejectCall: { data: callOnly, answer: empty },
  leaveCall: { data: callOnly, answer: empty },
  /** Ends the call for everyone; needs the action `endForEveryone`. */
  endCall: { data: callOnly, answer: empty },
  /** Sends one more stream of media over the send transport. One producer a source. */
  produce: {
    data: z.object({
      callId: objectIdSchema,
      source: mediaSourceSchema,
      rtpParameters: rtpParametersSchema,
      paused: z.boolean(),
    }),
    answer: z.object({ producerId: objectIdSchema }),
  },
  pauseProducer: { data: producerOnly, answer: empty },
  resumeProducer: { data: producerOnly, answer: empty },
  closeProducer: { data: producerOnly, answer: empty },
  /**
   * Receives streams over the receive transport. The consumers are made paused; producers that are gone or
   * whose codec the client cannot receive are left out of the answer.
   */
  consume: {
    data: z.object({
      callId: objectIdSchema,
      producerIds: z.array(objectIdSchema).check(z.minLength(1), z.maxLength(100)),
    }),
    answer: z.object({ consumers: z.array(consumerSchema) }),
  },
  /** The client is ready to play these; video starts with a key frame. */
  resumeConsumers: { data: consumerIds, answer: empty },
  pauseConsumers: { data: consumerIds, answer: empty },
  closeConsumers: { data: consumerIds, answer: empty },
} as const;

export type RequestName = keyof typeof requestTable;
export type RequestData<Name extends RequestName> = z.infer<(typeof requestTable)[Name]['data']>;
export type RequestAnswer<Name extends RequestName> = z.infer<(typeof requestTable)[Name]['answer']>;

export const requestNames = Object.keys(requestTable) as [RequestName, ...RequestName[]];
