import type { MediaSource } from '@parley/protocol';
import { filmstripHeight } from './layerFor.ts';
import type { Size } from './pictureLayers.ts';

/**
 * How pictures share a bandwidth that is short. Everyone gets their lowest layer first. Then the worker goes round, the
 * highest number first, and gives each as many more layers in a turn as its number says: those of one rank share alike,
 * and what stands above them has had all of its layers by then.
 */
const priorities = {
  share: 10,
  large: 9,
  visible: 2,
  filmstrip: 1,
} as const;

export interface PictureRank {
  readonly source: MediaSource;
  /** Whether its sender is in the spotlight, or holds the floor. */
  readonly isProminent: boolean;
  readonly viewport: Size | undefined;
}

export function priorityOf({ source, isProminent, viewport }: PictureRank): number {
  if (source === 'screen') {
    return priorities.share;
  }
  if (isProminent) {
    return priorities.large;
  }

  return viewport !== undefined && viewport.height < filmstripHeight
    ? priorities.filmstrip
    : priorities.visible;
}
