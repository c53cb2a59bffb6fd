import { assertNever } from '@parley/kit';
import type { MediaSource } from '@parley/protocol';
import type { VideoCodec, VideoEncodingOptions } from './encodingTypes.ts';

/** As RTCRtpEncodingParameters (W3C WebRTC) and WebRTC-SVC name them; `maxBitrate` in bits per second. */
export interface Encoding {
  readonly scaleResolutionDownBy?: number | undefined;
  readonly maxBitrate?: number | undefined;
  readonly scalabilityMode?: string | undefined;
}

/** How one source is encoded; the names are those of mediasoup-client. */
export interface SendProfile {
  readonly mimeType: 'audio/opus' | `video/${VideoCodec}`;
  readonly encodings: readonly Encoding[];
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

/** In this order where the codec that is wanted cannot be had. */
const codecs: readonly VideoCodec[] = ['VP8', 'VP9', 'H264', 'AV1'];

/** @throws TypeError for a codec or a mode that there is not. */
export function assertEncoding({ codec, scalabilityMode }: VideoEncodingOptions): void {
  if (codec !== undefined && !codecs.includes(codec)) {
    throw new TypeError(`The codec must be one of ${codecs.join(', ')}.`);
  }
  if (scalabilityMode !== undefined && !/^L[1-3]T[1-3](_KEY)?$/.test(scalabilityMode)) {
    throw new TypeError('The scalability mode must be one such as L1T2 or L3T3_KEY.');
  }
}

/**
 * How to send `source` from a track with these settings.
 *
 * @param has Whether browser and server both have a codec.
 */
export function sendProfileOf(
  source: MediaSource,
  settings: MediaTrackSettings,
  wanted: VideoEncodingOptions = {},
  has: (codec: VideoCodec) => boolean = () => true,
): SendProfile {
  const { width = assumed.width, height = assumed.height } = settings;
  switch (source) {
    case 'microphone': {
      return { mimeType: 'audio/opus', encodings: [], codecOptions: { opusDtx: true, opusFec: true } };
    }
    case 'camera': {
      return videoProfile(wanted, has, simulcastOf(width * height), true);
    }
    case 'screen': {
      const full = { maxBitrate: 2_500_000 };

      // One layer: small text is of no use to anybody at half the resolution.
      return videoProfile(wanted, has, [{ scaleResolutionDownBy: 2, maxBitrate: 800_000 }, full], false);
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

/** @param layers As simulcast has them, the smallest first. */
function videoProfile(
  { codec: preferred, simulcast, scalabilityMode: mode }: VideoEncodingOptions,
  has: (codec: VideoCodec) => boolean,
  layers: readonly Encoding[],
  severalByDefault: boolean,
): SendProfile {
  const wanted = preferred === undefined ? codecs : [preferred, ...codecs];
  const codec = wanted.find((each) => has(each)) ?? 'VP8';
  const isSeveral = simulcast ?? severalByDefault;
  const profile = { mimeType: `video/${codec}`, codecOptions: startBitrate } as const;
  // mediasoup forwards the spatial layers of VP9 alone.
  const isPossible = mode !== undefined && (codec === 'VP9' || mode.startsWith('L1'));
  const svc =
    codec === 'VP9' && isSeveral ? 'L3T3_KEY' : codec === 'VP9' || codec === 'AV1' ? 'L1T3' : undefined;
  const scalabilityMode = isPossible ? mode : svc;
  const top = layers.at(-1);
  // Of several encodings of VP9 Chromium makes spatial layers of one.
  const encodings = isSeveral && svc === undefined ? layers : top === undefined ? [] : [top];

  return {
    ...profile,
    encodings:
      scalabilityMode === undefined ? encodings : encodings.map((each) => ({ ...each, scalabilityMode })),
  };
}

/**
 * Each layer has twice the lines of the one before, the last all of them: 180, 360 and 720 of a 720p camera.
 *
 * libwebrtc sends at most two layers of a picture under 960×540 and one under 480×270, and of those asked for it
 * leaves out the largest: asking for three of a 640×360 camera would show everybody 320×180.
 */
function simulcastOf(pixels: number): readonly Encoding[] {
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
