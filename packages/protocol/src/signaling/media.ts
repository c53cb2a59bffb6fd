import * as z from 'zod/mini';
import { openArray } from './openArray.ts';
import {
  dtlsFingerprintSchema,
  iceParametersSchema,
  iceServerSchema,
  rtpCapabilitiesSchema,
  sctpStreamParametersSchema,
  transportParametersSchema,
} from './rtp.ts';
import { toldRtpParametersSchema } from './toldRtp.ts';

/** The most pictures a client may ask to be given on entering. */
export const maxExpectedVideos = 25;

/**
 * The media half of entering a call. Both of the client's peer connections use one certificate made
 * beforehand, so its fingerprint is known before any offer and the server connects both transports at once.
 */
export const mediaOfferSchema = z.object({
  /** What the client can receive, as mediasoup-client's `device.recvRtpCapabilities` says it. */
  rtpCapabilities: rtpCapabilitiesSchema,
  dtlsFingerprints: z.array(dtlsFingerprintSchema).check(z.minLength(1), z.maxLength(8)),
  /** Streams that an SCTP association of the client can have; missing for a client without data channels. */
  sctpStreams: z.optional(z.int().check(z.minimum(1), z.maximum(65_535))),
  /** How many pictures the client is going to show at once: their consumers come with the answer, paused. */
  expectedVideos: z.optional(z.int().check(z.minimum(0), z.maximum(maxExpectedVideos))),
});

export type MediaOffer = z.infer<typeof mediaOfferSchema>;

/** One stream on its way to the client; made paused, so that the client can set it up before the first packet. */
export const consumerSchema = z.object({
  id: z.string(),
  /** The producer it carries, or an audio slot. */
  producerId: z.string(),
  kind: z.enum(['audio', 'video']),
  rtpParameters: toldRtpParametersSchema,
});

export type ConsumerInfo = z.infer<typeof consumerSchema>;

/** `ordered` arrives, and in the order it was sent; `lossy` arrives soon or not at all. */
export const dataChannels = ['ordered', 'lossy'] as const;

/** `ordered` arrives, and in the order it was sent; `lossy` arrives soon or not at all. */
export type DataChannelKind = (typeof dataChannels)[number];

/** What the messages of everyone else in the call arrive on: one channel of each kind, for the whole call. */
export const dataConsumerSchema = z.object({
  id: z.string(),
  dataProducerId: z.string(),
  channel: z.enum(dataChannels),
  sctpStreamParameters: sctpStreamParametersSchema,
});

export type DataConsumerInfo = z.infer<typeof dataConsumerSchema>;

/** The server's half of a participant's media: what to send and receive over, and what is on its way already. */
export const mediaParametersSchema = z.object({
  sendTransport: transportParametersSchema,
  receiveTransport: transportParametersSchema,
  /** To reach them by, made for this very message, for their credentials do not last. Missing before version 2.1. */
  iceServers: z.optional(z.array(iceServerSchema)),
  /** What the client is to receive without asking for it: sound, and the pictures it expects. */
  consumers: z.array(consumerSchema),
  /** Empty for a client without data channels. */
  dataConsumers: openArray(dataConsumerSchema),
});

export type MediaParameters = z.infer<typeof mediaParametersSchema>;

/** All that the server has of a client's media at one moment: what is not named here is not there. */
export const mediaStateSchema = z.extend(mediaParametersSchema, {
  /** Of the client's own producers, as `encodingsWanted` told it last; all encodings of the others are wanted. */
  encodingsWanted: z.array(z.object({ producerId: z.string(), wanted: z.array(z.boolean()) })),
});

export type MediaState = z.infer<typeof mediaStateSchema>;

/** New ICE credentials of both transports; everything else of them stays (RFC 8445, section 9). */
export const restartedIceSchema = z.object({
  sendIceParameters: iceParametersSchema,
  receiveIceParameters: iceParametersSchema,
});

export type RestartedIce = z.infer<typeof restartedIceSchema>;
