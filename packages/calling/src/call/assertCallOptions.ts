import { maxExpectedVideos } from '@parley/protocol';
import type { CallEncryption, CallOptions } from './callOptionTypes.ts';

/** @throws TypeError for what a call cannot begin with, apart from what its parts look at themselves. */
export function assertCallOptions({
  audioOptions,
  videoOptions,
  kickSiblings,
  encryption,
}: CallOptions): void {
  for (const [name, flag] of Object.entries({ muted: audioOptions?.muted, kickSiblings })) {
    if (flag !== undefined && typeof flag !== 'boolean') {
      throw new TypeError(`${name} is true or false.`);
    }
  }
  const { expectedVideos = 0 } = videoOptions ?? {};
  if (!Number.isInteger(expectedVideos) || expectedVideos < 0 || expectedVideos > maxExpectedVideos) {
    throw new TypeError(`expectedVideos is a whole number from 0 to ${maxExpectedVideos}.`);
  }
  if (
    encryption !== undefined &&
    typeof (encryption as Partial<CallEncryption> | null)?.begin !== 'function'
  ) {
    throw new TypeError('encryption is what createEncryption() has made.');
  }
}
