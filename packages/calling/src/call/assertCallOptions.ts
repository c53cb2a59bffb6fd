import { maxExpectedVideos } from '@parley/protocol';
import type { CallEncryption, CallOptions } from './callOptionTypes.ts';

/**
 * Looks at what is easily mistaken without a compiler; the rest is looked at where it is used.
 * @throws TypeError for options that are none.
 */
export function assertCallOptions(options: CallOptions): void {
  const { audioOptions = {}, videoOptions = {}, kickSiblings = false, encryption } = options;
  const { muted = false } = audioOptions;
  const { camera = false, expectedVideos = 0 } = videoOptions;
  if (
    [options, audioOptions, videoOptions].some((value) => typeof value !== 'object') ||
    [muted, kickSiblings].some((flag) => typeof flag !== 'boolean') ||
    (typeof camera !== 'boolean' && typeof (camera as Partial<typeof camera>).id !== 'string')
  ) {
    throw new TypeError(
      'A call takes { audioOptions: { muted }, videoOptions: { camera }, kickSiblings }, each true, false or, of cameras, one of getCameraList().',
    );
  }
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
