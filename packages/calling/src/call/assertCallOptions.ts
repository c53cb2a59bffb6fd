import type { CallEncryption, CallOptions } from './callTypes.ts';

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

/**
 * Looks at what is easily mistaken without a compiler; the rest is looked at where it is used.
 * @throws TypeError for options that are none.
 */
export function assertCallOptions(options: CallOptions): void {
  const { audioOptions = {}, videoOptions = {}, encryption } = options;
  if (![options, audioOptions, videoOptions].every(isObject)) {
    throw new TypeError('Options of a call are objects, such as { videoOptions: { camera: true } }.');
  }
  const { muted = false } = audioOptions;
  const { camera = false } = videoOptions;
  if (typeof muted !== 'boolean') {
    throw new TypeError('audioOptions.muted must be true or false.');
  }
  if (typeof camera !== 'boolean' && typeof (camera as Partial<typeof camera>).id !== 'string') {
    throw new TypeError('videoOptions.camera must be true, false or a camera of getCameraList().');
  }
  if (
    encryption !== undefined &&
    typeof (encryption as Partial<CallEncryption> | null)?.begin !== 'function'
  ) {
    throw new TypeError('encryption is what createEncryption() has made.');
  }
}
