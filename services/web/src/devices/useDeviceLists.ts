import { useEffect, useState } from 'react';
import type {
  AudioDeviceInfo,
  DeviceManager,
  DeviceManagerEvents,
  LocalVideoStream,
  VideoDeviceInfo,
} from '@parley/calling';

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

/** The devices to choose from, and those in use, `sent` being the camera of a call; undefined until they are known. */
export function useDeviceLists(
  devices: DeviceManager,
  sent: LocalVideoStream | undefined,
): DeviceLists | undefined {
  const [lists, setLists] = useState<DeviceLists>();

  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<void> => {
      const loaded = await readLists(devices, sent);
      if (isCurrent) {
        setLists(loaded);
      }
    };
    const disposers = events.map((name) => devices.on(name, () => void load()));
    if (sent !== undefined) {
      disposers.push(sent.on('sourceChanged', () => void load()));
    }
    void load();

    return () => {
      isCurrent = false;
      for (const dispose of disposers) {
        dispose();
      }
    };
  }, [devices, sent]);

  return lists;
}

export async function readLists(
  devices: DeviceManager,
  sent: LocalVideoStream | undefined,
): Promise<DeviceLists> {
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
      camera: (sent?.source ?? devices.getCamera())?.id,
      microphone: devices.getMicrophone()?.id,
      speaker: devices.getSpeaker()?.id,
    },
  };
}
