import { stopTracks } from './LocalCapture.ts';
import { MediaDeviceError } from './MediaDeviceError.ts';

/**
 * Opens another camera beside the present one, so that there is no gap, and without it where both at once cannot be had,
 * as on many telephones: the present one is off then, whether the other could be had or not.
 */
export async function openInPlaceOf(
  present: MediaStream | undefined,
  open: () => Promise<MediaStream>,
): Promise<MediaStream> {
  try {
    return await open();
  } catch (error) {
    const isOn = present?.getTracks().some(({ readyState }) => readyState === 'live') === true;
    if (!isOn || !(error instanceof MediaDeviceError) || error.code !== 'device_busy') {
      throw error;
    }
    stopTracks(present);

    return open();
  }
}
