import type { CallEncryption, CallOptions } from './callTypes.ts';

/**
 * Looks at what is easily mistaken without a compiler; the rest is looked at where it is used.
 * @throws TypeError for options that are none.
 */
export function assertCallOptions(options: CallOptions): void {
  const { audioOptions = {}, videoOptions = {}, encryption } = options;
  const { muted = false } = audioOptions;
  const { camera = false } = videoOptions;
  if (
    [options, audioOptions, videoOptions].some((value) => typeof value !== 'object') ||
    typeof muted !== 'boolean' ||
    (typeof camera !== 'boolean' && typeof (camera as Partial<typeof camera>).id !== 'string')
  ) {
    throw new TypeError(
      'A call takes { audioOptions: { muted }, videoOptions: { camera } }, each true, false or, of cameras, one of getCameraList().',
    );
  }
  if (
    encryption !== undefined &&
    typeof (encryption as Partial<CallEncryption> | null)?.begin !== 'function'
  ) {
    throw new TypeError('encryption is what createEncryption() has made.');
  }
}
