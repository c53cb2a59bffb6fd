import type { DeviceManager } from '../devices/deviceTypes.ts';
import type { DeviceEnumeration, PreCallDeviceAccess } from './precallTypes.ts';

export interface FoundDevices {
  readonly access: PreCallDeviceAccess;
  readonly enumeration: DeviceEnumeration;
}

/** What there is, and may be used as things stand: nobody is asked. */
export async function findDevices(deviceManager: DeviceManager): Promise<FoundDevices> {
  const isAny = async (listed: Promise<readonly unknown[]>): Promise<'Available' | 'NotAvailable'> => {
    // A page that is not secure has none.
    const list = await listed.catch(() => []);

    return list.length > 0 ? 'Available' : 'NotAvailable';
  };
  const [microphone, camera, speaker] = await Promise.all([
    isAny(deviceManager.getMicrophoneList()),
    isAny(deviceManager.getCameraList()),
    isAny(deviceManager.getSpeakerList()),
  ]);

  return {
    access: {
      audio: deviceManager.getPermissionState('Microphone') === 'Granted',
      video: deviceManager.getPermissionState('Camera') === 'Granted',
    },
    enumeration: { microphone, camera, speaker },
  };
}
