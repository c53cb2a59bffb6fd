import { assertNever } from '@parley/kit';
import type { MediaSource } from '@parley/protocol';

/** How one source is encoded; the names are those of RTCRtpEncodingParameters and of mediasoup-client. */
export interface SendProfile {
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
const startBitrate = { videoGoogleStartBitrate: 1_500 };

/** Where a browser does not say how large a camera's picture is, it is what was asked for. */
const assumed = { width: 1280, height: 720 };

/** How to send `source` from a track with these settings. */
export function sendProfileOf(source: MediaSource, settings: MediaTrackSettings): SendProfile {
  switch (source) {
    case 'microphone': {
      return { mimeType: 'audio/opus', encodings: [], codecOptions: { opusDtx: true, opusFec: true } };
    }
    case 'camera': {
      const { width = assumed.width, height = assumed.height } = settings;

      return { mimeType: 'video/VP8', encodings: simulcastOf(width * height), codecOptions: startBitrate };
    }
    case 'screen': {
      // One layer: small text is of no use to anybody at half the resolution.
      return { mimeType: 'video/VP8', encodings: [{ maxBitrate: 2_500_000 }], codecOptions: startBitrate };
    }
    case 'screenAudio': {
      const codecOptions = { opusStereo: true, opusFec: true, opusMaxAverageBitrate: 128_000 };

      return { mimeType: 'audio/opus', encodings: [], codecOptions };
    }
    default: {
      return assertNever(source);
    }
  }
}

/**
 * Each layer has twice the lines of the one before, the last all of them: 180, 360 and 720 of a 720p camera.
 *
 * libwebrtc sends at most two layers of a picture under 960×540 and one under 480×270, and of those asked for it
 * leaves out the largest: asking for three of a 640×360 camera would show everybody 320×180.
 */
function simulcastOf(pixels: number): SendProfile['encodings'] {
  const scales = pixels >= 960 * 540 ? [4, 2, 1] : pixels >= 480 * 270 ? [2, 1] : [1];

  return scales.map((scale) => ({
    scaleResolutionDownBy: scale,
    maxBitrate: cameraBitrate(pixels / scale ** 2),
  }));
}

/** 1.7 Mbit/s for 720 lines, 500 kbit/s for 360, 150 for 180: a small picture needs more bits for each pixel. */
function cameraBitrate(pixels: number): number {
  return Math.round(1_700_000 * (pixels / (1280 * 720)) ** 0.87);
}
