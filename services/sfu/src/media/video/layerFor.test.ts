import { describe, expect, it } from 'vitest';
import { layerFor } from './layerFor.ts';
import { pictureLayersOf } from './pictureLayers.ts';
import { priorityOf } from './priorityOf.ts';

const simulcast = pictureLayersOf(
  { encodings: [{ scalabilityMode: 'L1T3' }, { scalabilityMode: 'L1T3' }, { scalabilityMode: 'L1T3' }] },
  'camera',
  { width: 1280, height: 720 },
);

describe('the layers of a picture', () => {
  it('are a half of each other where their sender says nothing else', () => {
    expect(simulcast).toEqual({
      sizes: [
        { width: 320, height: 180 },
        { width: 640, height: 360 },
        { width: 1280, height: 720 },
      ],
      temporalLayers: 3,
      encodings: 3,
    });
  });

  it('are as much smaller than the source as their sender says', () => {
    // As libwebrtc has it, mediasoup's types do not know of the scale.
    const encodings = [{ scaleResolutionDownBy: 3 }, { scaleResolutionDownBy: 1 }] as object[];

    expect(pictureLayersOf({ encodings }, 'camera', { width: 960, height: 540 }).sizes).toEqual([
      { width: 320, height: 180 },
      { width: 960, height: 540 },
    ]);
  });

  it('are all in one encoding with SVC, and one alone without anything', () => {
    expect(pictureLayersOf({ encodings: [{ scalabilityMode: 'L3T3_KEY' }] }, 'camera')).toEqual({
      ...simulcast,
      encodings: 1,
    });
    expect(pictureLayersOf({}, 'screen')).toEqual({
      sizes: [{ width: 1920, height: 1080 }],
      temporalLayers: 1,
      encodings: 1,
    });
  });
});

describe('the layer that is forwarded', () => {
  it.each([
    [{ width: 160, height: 90 }, 0],
    [{ width: 376, height: 211 }, 0],
    [{ width: 400, height: 225 }, 1],
    [{ width: 640, height: 360 }, 1],
    [{ width: 752, height: 423 }, 1],
    [{ width: 800, height: 450 }, 2],
    [{ width: 3840, height: 2160 }, 2],
    // A narrow column of a picture has as few pixels as a small one.
    [{ width: 150, height: 500 }, 0],
  ])('of a picture shown in %j is %i', (viewport, layer) => {
    expect(layerFor(viewport, simulcast).spatialLayer).toBe(layer);
  });

  it('has half the frame rate in a filmstrip, as far as the picture has layers for that', () => {
    expect(layerFor({ width: 320, height: 180 }, simulcast).temporalLayer).toBe(1);
    expect(layerFor({ width: 356, height: 200 }, simulcast).temporalLayer).toBe(2);
    expect(layerFor({ width: 320, height: 180 }, { ...simulcast, temporalLayers: 1 }).temporalLayer).toBe(0);
  });

  it('is the largest until the client has said how large it shows the picture', () => {
    expect(layerFor(undefined, simulcast)).toEqual({ spatialLayer: 2, temporalLayer: 2 });
  });
});

it('a share goes before the dominant speaker, they before what is visible, and that before the filmstrip', () => {
  const small = { width: 200, height: 112 };
  const large = { width: 640, height: 360 };
  const ranks = [
    priorityOf({ source: 'screen', isProminent: false, viewport: small }),
    priorityOf({ source: 'camera', isProminent: true, viewport: small }),
    priorityOf({ source: 'camera', isProminent: false, viewport: large }),
    priorityOf({ source: 'camera', isProminent: false, viewport: small }),
  ];

  expect(ranks).toEqual(ranks.toSorted((one, other) => other - one));
  expect(new Set(ranks).size).toBe(4);
});
