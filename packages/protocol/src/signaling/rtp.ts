import * as z from 'zod/mini';
import { openArray } from './openArray.ts';

/**
 * RTP and transport parameters on the wire, in mediasoup's shape (which follows ORTC). Bounds are those a
 * browser never reaches; they keep a hostile client from handing the media worker something monstrous.
 */
const maxParameters = 32;

// These strings end in the session descriptions of everybody who receives the stream (RFC 8866), where a line
// break would begin a line of the sender's own making.
const token = (most: number) => z.string().check(z.maxLength(most), z.regex(/^[\w!#$%&'*+.^`{|}~-]+$/));
const printable = (most: number) => z.string().check(z.maxLength(most), z.regex(/^[\x20-\x7e]*$/));

const codecParameters = z
  .record(token(64), z.union([printable(256), z.number(), z.boolean()]))
  .check(z.refine((parameters) => Object.keys(parameters).length <= maxParameters));

const rtcpFeedback = z.object({
  type: token(32),
  parameter: z.optional(printable(32)),
});

const payloadType = z.int().check(z.minimum(0), z.maximum(127));
// The media worker takes 0 for none.
const ssrc = z.int().check(z.minimum(1), z.maximum(0xffffffff));
const mimeType = z.string().check(z.maxLength(64), z.regex(/^(audio|video)\/[\w.+-]+$/i));
const kindSchema = z.enum(['audio', 'video']);
// Those of W3C WebRTC-SVC. The worker keeps books of each layer that is named, whether it comes or not.
const scalabilityMode = z.string().check(z.regex(/^[LS][1-3]T[1-3]h?(_KEY(_SHIFT)?)?$/));
const headerExtensionUri = z.string().check(z.maxLength(256), z.regex(/^[\x21-\x7e]+$/));
const headerExtensionId = z.int().check(z.minimum(1), z.maximum(255));

const rtpCodecParametersSchema = z.object({
  mimeType,
  payloadType,
  clockRate: z.int().check(z.minimum(1), z.maximum(1_000_000)),
  channels: z.optional(z.int().check(z.minimum(1), z.maximum(8))),
  parameters: z.optional(codecParameters),
  rtcpFeedback: z.optional(z.array(rtcpFeedback).check(z.maxLength(32))),
});

const rtpEncodingSchema = z.object({
  ssrc: z.optional(ssrc),
  rid: z.optional(token(32)),
  codecPayloadType: z.optional(payloadType),
  rtx: z.optional(z.object({ ssrc })),
  dtx: z.optional(z.boolean()),
  scalabilityMode: z.optional(scalabilityMode),
  scaleResolutionDownBy: z.optional(z.number().check(z.minimum(1), z.maximum(64))),
  maxBitrate: z.optional(z.number().check(z.minimum(0), z.maximum(100_000_000))),
});

/** The most encodings (simulcast layers) one producer may carry. */
export const maxEncodings = 3;

export const rtpParametersSchema = z.object({
  mid: z.optional(token(32)),
  msid: z.optional(printable(256)),
  codecs: z.array(rtpCodecParametersSchema).check(z.minLength(1), z.maxLength(32)),
  headerExtensions: z.optional(
    z
      .array(
        z.object({
          uri: headerExtensionUri,
          id: headerExtensionId,
          encrypt: z.optional(z.boolean()),
          parameters: z.optional(codecParameters),
        }),
      )
      .check(z.maxLength(32)),
  ),
  encodings: z.optional(z.array(rtpEncodingSchema).check(z.minLength(1), z.maxLength(maxEncodings))),
  rtcp: z.optional(
    z.object({
      cname: z.optional(printable(256)),
      reducedSize: z.optional(z.boolean()),
      mux: z.optional(z.boolean()),
    }),
  ),
});

export type RtpParameters = z.infer<typeof rtpParametersSchema>;

export const rtpCapabilitiesSchema = z.object({
  codecs: z.optional(
    z
      .array(
        z.object({
          kind: kindSchema,
          mimeType,
          preferredPayloadType: z.optional(payloadType),
          clockRate: z.int().check(z.minimum(1), z.maximum(1_000_000)),
          channels: z.optional(z.int().check(z.minimum(1), z.maximum(8))),
          parameters: z.optional(codecParameters),
          rtcpFeedback: z.optional(z.array(rtcpFeedback).check(z.maxLength(32))),
        }),
      )
      .check(z.maxLength(128)),
  ),
  headerExtensions: z.optional(
    z
      .array(
        z.object({
          kind: kindSchema,
          uri: headerExtensionUri,
          preferredId: headerExtensionId,
          preferredEncrypt: z.optional(z.boolean()),
          direction: z.optional(z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive'])),
        }),
      )
      .check(z.maxLength(128)),
  ),
});

export type RtpCapabilities = z.infer<typeof rtpCapabilitiesSchema>;

/** RFC 8122 certificate fingerprint. */
export const dtlsFingerprintSchema = z.object({
  algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
  value: z.string().check(z.maxLength(256), z.regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2})+$/)),
});

export type DtlsFingerprint = z.infer<typeof dtlsFingerprintSchema>;

const iceCandidateSchema = z.object({
  foundation: z.string(),
  priority: z.number(),
  /** The same as `address`; mediasoup-client reads this one. */
  ip: z.string(),
  address: z.string(),
  protocol: z.enum(['udp', 'tcp']),
  port: z.number(),
  type: z.enum(['host', 'srflx', 'prflx', 'relay']),
  tcpType: z.optional(z.literal('passive')),
});

export const iceParametersSchema = z.object({
  usernameFragment: z.string(),
  password: z.string(),
  iceLite: z.optional(z.boolean()),
});

export type IceParameters = z.infer<typeof iceParametersSchema>;

/** RFC 8841: what the server's end of an SCTP association can do. */
const sctpParametersSchema = z.object({
  port: z.number(),
  OS: z.number(),
  MIS: z.number(),
  maxMessageSize: z.number(),
});

/** One data channel, RFC 8832: reliable and ordered unless told otherwise. */
export const sctpStreamParametersSchema = z.object({
  streamId: z.int().check(z.minimum(0), z.maximum(65_535)),
  ordered: z.optional(z.boolean()),
  maxPacketLifeTime: z.optional(z.int().check(z.minimum(0), z.maximum(65_535))),
  maxRetransmits: z.optional(z.int().check(z.minimum(0), z.maximum(65_535))),
});

export type SctpStreamParameters = z.infer<typeof sctpStreamParametersSchema>;

/** The server's end of one WebRTC transport. */
export const transportParametersSchema = z.object({
  id: z.string(),
  iceParameters: iceParametersSchema,
  iceCandidates: openArray(iceCandidateSchema),
  dtlsParameters: z.object({
    role: z.optional(z.enum(['auto', 'client', 'server'])),
    fingerprints: openArray(dtlsFingerprintSchema),
  }),
  sctpParameters: z.optional(sctpParametersSchema),
});

export type TransportParameters = z.infer<typeof transportParametersSchema>;

/** RTCIceServer of W3C WebRTC. */
export const iceServerSchema = z.object({
  urls: z.union([z.string(), z.array(z.string())]),
  username: z.optional(z.string()),
  credential: z.optional(z.string()),
});

export type IceServer = z.infer<typeof iceServerSchema>;

/** What one producer carries. */
export const mediaSources = ['microphone', 'camera', 'screen', 'screenAudio'] as const;

/** What a stream is of. */
export type MediaSource = (typeof mediaSources)[number];

export const mediaSourceSchema = z.enum(mediaSources);

/** The kind of track that each source is. */
export const kindOfSource = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
} as const satisfies Record<MediaSource, 'audio' | 'video'>;
