import type { DeviceManager } from '../devices/deviceTypes.ts';
import type { DeviceEnumeration, PreCallDeviceAccess } from './precallTypes.ts';

export interface FoundDevices {
  readonly access: PreCallDeviceAccess;
  readonly enumeration: DeviceEnumeration;
}

/** What there is, and may be used as things stand: nobody is asked. */
export async function findDevices(deviceManager: DeviceManager): Promise<FoundDevices> {
  // A page that is not secure has none.
  const [microphones, cameras, speakers] = await Promise.all([
    deviceManager.getMicrophoneList().catch(() => []),
    deviceManager.getCameraList().catch(() => []),
    deviceManager.getSpeakerList().catch(() => []),
  ]);
  const isPermitted = (
    kind: 'Microphone' | 'Camera',
    listed: readonly { readonly name: string }[],
  ): boolean => {
    const state = deviceManager.getPermissionState(kind);

    // Where the browser does not say it, it has named the devices to a page that may use them (W3C Media Capture, 9.2.2).
    return state === 'Granted' || (state === 'Unknown' && listed.some(({ name }) => name !== ''));
  };

  return {
    access: { audio: isPermitted('Microphone', microphones), video: isPermitted('Camera', cameras) },
    enumeration: {
      microphone: availability(microphones),
      camera: availability(cameras),
      speaker: availability(speakers),
    },
  };
}

function availability(listed: readonly unknown[]): 'Available' | 'NotAvailable' {
  return listed.length > 0 ? 'Available' : 'NotAvailable';
}
