import type { MediaSource } from '@parley/protocol';
import { parseScalabilityMode, type types } from 'mediasoup';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The sizes and frame rates in which a picture is sent. */
export interface PictureLayers {
  /** The sizes of the spatial layers, the smallest first. */
  readonly sizes: readonly Size[];
  readonly temporalLayers: number;
  /** How many encodings (RFC 8853) they are spread over: all in one with SVC, one each with simulcast. */
  readonly encodings: number;
}

/** What a source is taken to be whose sender does not say how large it is. */
const usualSize: Readonly<Partial<Record<MediaSource, Size>>> = {
  camera: { width: 1280, height: 720 },
  screen: { width: 1920, height: 1080 },
};

const unknownSize: Size = { width: 1280, height: 720 };

/** @param full The size of the source, as far as its sender has told it. */
export function pictureLayersOf(
  { encodings = [] }: Pick<types.RtpParameters, 'encodings'>,
  source: MediaSource,
  full: Size = usualSize[source] ?? unknownSize,
): PictureLayers {
  const { spatialLayers, temporalLayers } = parseScalabilityMode(encodings[0]?.scalabilityMode);
  const scales =
    encodings.length > 1
      ? encodings.map((encoding, index) => scaleOf(encoding) ?? 2 ** (encodings.length - 1 - index))
      : Array.from({ length: spatialLayers }, (_, index) => 2 ** (spatialLayers - 1 - index));

  return {
    sizes: scales.map((scale) => ({ width: full.width / scale, height: full.height / scale })),
    temporalLayers,
    encodings: Math.max(1, encodings.length),
  };
}

/** mediasoup passes on what it does not know itself. */
function scaleOf(encoding: types.RtpEncodingParameters): number | undefined {
  const { scaleResolutionDownBy } = encoding as { readonly scaleResolutionDownBy?: unknown };

  return typeof scaleResolutionDownBy === 'number' && scaleResolutionDownBy >= 1
    ? scaleResolutionDownBy
    : undefined;
}
