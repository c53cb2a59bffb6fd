import type { types } from 'mediasoup';

/**
 * What every router forwards, the preferred codec of each kind first. All routers of a node have the same list, so a
 * client may load its device once per connection, before it knows which call it will enter.
 */
export const codecs: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    // RFC 7587: forward error correction, and silence on the line while nobody speaks.
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    // Constrained Baseline 3.1 in packetization mode 1: what every browser can send and receive (RFC 7742).
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
];

/** Only where the operator wants it: a call with it stays on one worker as long as that takes people (see CallSite). */
const av1: types.RouterRtpCodecCapability = { kind: 'video', mimeType: 'video/AV1', clockRate: 90_000 };

/** Those of a node that forwards AV1 as well, or does not. */
export function codecsWith({ hasAv1 }: { readonly hasAv1: boolean }): types.RouterRtpCodecCapability[] {
  return hasAv1 ? [...codecs, av1] : codecs;
}
