import type { MediaSource } from '@parley/protocol';

/** How one source is encoded; the names are those of RTCRtpEncodingParameters and of mediasoup-client. */
interface SendProfile {
  readonly mimeType: 'audio/opus' | 'video/VP8';
  /** `maxBitrate` in bits per second. */
  readonly encodings: readonly { readonly scaleResolutionDownBy?: number; readonly maxBitrate: number }[];
  readonly codecOptions: {
    readonly opusDtx?: boolean;
    readonly opusFec?: boolean;
    readonly opusStereo?: boolean;
    /** Bits per second. */
    readonly opusMaxAverageBitrate?: number;
    /** Kilobits per second. */
    readonly videoGoogleStartBitrate?: number;
  };
}

/**
 * The start bit rate spares the viewers the browser's slow ramp from 300 kbit/s: with it, and the server's own
 * start estimate, the first frame is already a sharp one.
 */
export const sendProfiles: Readonly<Record<MediaSource, SendProfile>> = {
  microphone: {
    mimeType: 'audio/opus',
    encodings: [],
    codecOptions: { opusDtx: true, opusFec: true },
  },
  camera: {
    mimeType: 'video/VP8',
    // 180, 360 and 720 lines of a 720p camera.
    encodings: [
      { scaleResolutionDownBy: 4, maxBitrate: 150_000 },
      { scaleResolutionDownBy: 2, maxBitrate: 500_000 },
      { scaleResolutionDownBy: 1, maxBitrate: 1_700_000 },
    ],
    codecOptions: { videoGoogleStartBitrate: 1_500 },
  },
  screen: {
    mimeType: 'video/VP8',
    // One layer: small text is of no use to anybody at half the resolution.
    encodings: [{ maxBitrate: 2_500_000 }],
    codecOptions: { videoGoogleStartBitrate: 1_500 },
  },
  screenAudio: {
    mimeType: 'audio/opus',
    encodings: [],
    codecOptions: { opusStereo: true, opusFec: true, opusMaxAverageBitrate: 128_000 },
  },
};
