import type { PictureLayers, Size } from './pictureLayers.ts';

/** How much smaller than the place it is shown in a picture may be, in each direction, before it looks blurred. */
const tolerance = 0.85;

/** Lower than this, device pixels, it is one of a filmstrip: there to see who is there. */
export const filmstripHeight = 200;

export interface Layers {
  readonly spatialLayer: number;
  readonly temporalLayer: number;
}

/**
 * The least that looks right where it is shown: the smallest layer with about as many pixels as the place, which may
 * have another shape, and half the frame rate in a filmstrip.
 *
 * @param viewport Device pixels; undefined while the client has not said how large it shows the picture.
 */
export function layerFor(
  viewport: Size | undefined,
  { sizes, temporalLayers }: Pick<PictureLayers, 'sizes' | 'temporalLayers'>,
): Layers {
  const topLayer = Math.max(0, sizes.length - 1);
  const fullRate = Math.max(0, temporalLayers - 1);
  if (viewport === undefined) {
    return { spatialLayer: topLayer, temporalLayer: fullRate };
  }
  const wanted = Math.sqrt(viewport.width * viewport.height) * tolerance;
  const enough = sizes.findIndex(({ width, height }) => Math.sqrt(width * height) >= wanted);

  return {
    spatialLayer: enough < 0 ? topLayer : enough,
    temporalLayer: viewport.height < filmstripHeight ? Math.max(0, fullRate - 1) : fullRate,
  };
}
