import * as z from 'zod/mini';
import { openArray } from './openArray.ts';

// RTP as clients are told it. Their browsers and mediasoup-client check it for themselves; the bounds in rtp.ts are those
// of what clients may hand a server.

const parameters = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const kind = z.enum(['audio', 'video']);

const codec = {
  mimeType: z.string(),
  clockRate: z.number(),
  channels: z.optional(z.number()),
  parameters: z.optional(parameters),
  rtcpFeedback: z.optional(z.array(z.object({ type: z.string(), parameter: z.optional(z.string()) }))),
};

const headerExtensionSchema = z.object({
  uri: z.string(),
  id: z.number(),
  encrypt: z.optional(z.boolean()),
  parameters: z.optional(parameters),
});

const encodingSchema = z.object({
  ssrc: z.optional(z.number()),
  rid: z.optional(z.string()),
  codecPayloadType: z.optional(z.number()),
  rtx: z.optional(z.object({ ssrc: z.number() })),
  dtx: z.optional(z.boolean()),
  scalabilityMode: z.optional(z.string()),
  maxBitrate: z.optional(z.number()),
});

export const toldRtpParametersSchema = z.object({
  mid: z.optional(z.string()),
  msid: z.optional(z.string()),
  codecs: z.array(z.object({ ...codec, payloadType: z.number() })),
  headerExtensions: z.optional(z.array(headerExtensionSchema)),
  encodings: z.optional(z.array(encodingSchema)),
  rtcp: z.optional(
    z.object({
      cname: z.optional(z.string()),
      reducedSize: z.optional(z.boolean()),
      mux: z.optional(z.boolean()),
    }),
  ),
});

export const toldRtpCapabilitiesSchema = z.object({
  codecs: z.optional(openArray(z.object({ ...codec, kind, preferredPayloadType: z.optional(z.number()) }))),
  headerExtensions: z.optional(
    openArray(
      z.object({
        kind,
        uri: z.string(),
        preferredId: z.number(),
        preferredEncrypt: z.optional(z.boolean()),
        direction: z.optional(z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive'])),
      }),
    ),
  ),
});
