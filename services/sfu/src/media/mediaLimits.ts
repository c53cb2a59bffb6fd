import { maxEncodings } from '@parley/protocol';
import { standardDataLimits, type DataLimits } from './data/DataRate.ts';

/** What one participant may have. Transports are two and streams one of each source, whatever is set here. */
export interface MediaLimits {
  /** The most streams one participant receives at a time. */
  readonly consumers: number;
  /** The most simulcast layers of one stream; the protocol itself allows three. */
  readonly encodings: number;
  /** What all that one participant sends may take, bits per second; its sender is told to, and is put out otherwise. */
  readonly incomingBitrate: number;
  readonly data: DataLimits;
}

/** Those that are not as usual. */
export type ChangedMediaLimits = Partial<Omit<MediaLimits, 'data'>> & {
  readonly data?: Partial<DataLimits>;
};

export const standardMediaLimits: MediaLimits = {
  consumers: 200,
  encodings: maxEncodings,
  incomingBitrate: 10_000_000,
  data: standardDataLimits,
};

export function mediaLimitsWith(changed: ChangedMediaLimits = {}): MediaLimits {
  return { ...standardMediaLimits, ...changed, data: { ...standardMediaLimits.data, ...changed.data } };
}
