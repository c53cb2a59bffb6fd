import type { RtpCapabilities, RtpParameters } from '@parley/protocol';
import type { InjectedStream } from './messages.ts';

/** What one participant sends, as the worker is told of it and as it is sent. */
export interface InjectedSource {
  readonly rtpParameters: RtpParameters;
  /** The smallest encoding first. */
  readonly streams: readonly InjectedStream[];
}

const audioLevelUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';
const audioLevelId = 1;
const opus = { payloadType: 111, clockRate: 48_000 };
const vp8 = { payloadType: 96, clockRate: 90_000 };

/** Packets a second of each encoding: a thumbnail, a tile, and the whole picture. */
const cameraRates = { simulcast: [20, 40, 100], single: [100] } as const;

/** Far enough apart that no two participants meet. */
const ssrcsEach = 10;

/** A voice that goes on speaking: 50 packets a second. */
export function injectedMicrophone(index: number): InjectedSource {
  const ssrc = 1_000 + index * ssrcsEach;

  return {
    rtpParameters: {
      codecs: [{ mimeType: 'audio/opus', channels: 2, ...opus }],
      headerExtensions: [{ uri: audioLevelUri, id: audioLevelId }],
      encodings: [{ ssrc }],
    },
    streams: [{ ...opus, ssrc, codec: 'opus', packetsPerSecond: 50, payloadBytes: 100, audioLevelId }],
  };
}

/** A camera, whose largest picture takes 100 packets of 1,000 bytes a second. */
export function injectedCamera(index: number, kind: keyof typeof cameraRates): InjectedSource {
  const first = 1_000 + index * ssrcsEach + 1;
  const streams = cameraRates[kind].map((packetsPerSecond, layer) => ({
    ...vp8,
    ssrc: first + layer,
    codec: 'vp8' as const,
    packetsPerSecond,
    payloadBytes: 1_000,
  }));

  return {
    rtpParameters: {
      codecs: [
        {
          mimeType: 'video/VP8',
          ...vp8,
          rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
        },
      ],
      encodings: streams.map(({ ssrc }, layer) => ({
        ssrc,
        scaleResolutionDownBy: 2 ** (streams.length - 1 - layer),
      })),
    },
    streams,
  };
}

/**
 * A router's capabilities without congestion control: nobody here answers for what arrives, so that a worker that
 * waited for it would go on sending at the bitrate it begins with.
 */
export function withoutBandwidthEstimation(capabilities: RtpCapabilities): RtpCapabilities {
  const { codecs = [], headerExtensions = [] } = capabilities;

  return {
    ...capabilities,
    codecs: codecs.map((codec) => ({
      ...codec,
      rtcpFeedback: codec.rtcpFeedback?.filter(({ type }) => type !== 'transport-cc' && type !== 'goog-remb'),
    })),
    headerExtensions: headerExtensions.filter(
      ({ uri }) => !uri.includes('transport-wide-cc') && !uri.includes('abs-send-time'),
    ),
  };
}
