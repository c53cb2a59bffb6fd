import { useEffect, useState } from 'react';
import type { AudioDeviceInfo, DeviceManager, DeviceManagerEvents, VideoDeviceInfo } from '@parley/calling';

export interface DeviceLists {
  readonly cameras: readonly VideoDeviceInfo[];
  readonly microphones: readonly AudioDeviceInfo[];
  readonly speakers: readonly AudioDeviceInfo[];
  /** Ids of what is in use; undefined where the browser has the choice. */
  readonly selected: {
    readonly camera: string | undefined;
    readonly microphone: string | undefined;
    readonly speaker: string | undefined;
  };
}

const events = [
  'camerasUpdated',
  'microphonesUpdated',
  'speakersUpdated',
  'selectedCameraChanged',
  'selectedMicrophoneChanged',
  'selectedSpeakerChanged',
] as const satisfies (keyof DeviceManagerEvents)[];

/** The devices to choose from; undefined until they are known. */
export function useDeviceLists(devices: DeviceManager): DeviceLists | undefined {
  const [lists, setLists] = useState<DeviceLists>();

  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const loaded = await readLists(devices);
      if (isCurrent) {
        setLists(loaded);
      }
    };
    const disposers = events.map((name) => devices.on(name, () => void load()));
    void load();

    return () => {
      isCurrent = false;
      for (const dispose of disposers) {
        dispose();
      }
    };
  }, [devices]);

  return lists;
}

async function readLists(devices: DeviceManager): Promise<DeviceLists> {
  const [cameras, microphones, speakers] = await Promise.all([
    devices.getCameraList().catch(() => []),
    devices.getMicrophoneList().catch(() => []),
    devices.getSpeakerList().catch(() => []),
  ]);

  return {
    cameras,
    microphones,
    speakers,
    selected: {
      camera: devices.getCamera()?.id,
      microphone: devices.getMicrophone()?.id,
      speaker: devices.getSpeaker()?.id,
    },
  };
}
