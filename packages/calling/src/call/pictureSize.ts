import type { RequestData } from '@parley/protocol';

export type PictureSize = RequestData<'resizeProducer'>['size'];

/** As far as the browser says it: which layer of a picture others are sent depends on how large it is. */
export function pictureSizeOf(track: MediaStreamTrack): PictureSize | undefined {
  const { width, height } = track.getSettings();

  return track.kind === 'video' && isPixels(width) && isPixels(height) ? { width, height } : undefined;
}

function isPixels(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0;
}
