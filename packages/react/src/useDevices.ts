import type { AudioDeviceInfo, DeviceManager, VideoDeviceInfo } from '@parley/calling';
import { useEffect, useState } from 'react';
import { isSame } from './isSame.ts';
import { nothing } from './nothing.ts';
import { useCallClient } from './useCallClient.ts';
import { useObservable, type EventName } from './useObservable.ts';

interface DeviceLists {
  readonly cameras: readonly VideoDeviceInfo[];
  readonly microphones: readonly AudioDeviceInfo[];
  readonly speakers: readonly AudioDeviceInfo[];
}

/** The devices of this machine, and which of them calls take: `deviceManager.setCamera()` and the like choose. */
export interface Devices extends DeviceLists {
  readonly camera: VideoDeviceInfo | undefined;
  readonly microphone: AudioDeviceInfo | undefined;
  readonly speaker: AudioDeviceInfo | undefined;
}

const none: DeviceLists = { cameras: nothing, microphones: nothing, speakers: nothing };
const listEvents = ['camerasUpdated', 'microphonesUpdated', 'speakersUpdated'] as const;
const choiceEvents = [
  'selectedCameraChanged',
  'selectedMicrophoneChanged',
  'selectedSpeakerChanged',
] as const satisfies EventName<DeviceManager>[];

/**
 * The devices to choose from, empty until they are known, and those chosen.
 *
 * @example
 * const { cameras, camera } = useDevices();
 * <select value={camera?.id} onChange={({ target }) => choose(target.value)}>
 *   {cameras.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
 * </select>
 */
export function useDevices(): Devices {
  const devices = useCallClient()?.deviceManager;
  const [lists, setLists] = useState(none);
  const chosen = useObservable(devices, choiceEvents, (manager) => ({
    camera: manager.getCamera(),
    microphone: manager.getMicrophone(),
    speaker: manager.getSpeaker(),
  }));
  useEffect(() => devices && follow(devices, setLists), [devices]);

  return { ...lists, camera: chosen?.camera, microphone: chosen?.microphone, speaker: chosen?.speaker };
}

/** The lists have to be asked for, at first and after each event. */
function follow(
  devices: DeviceManager,
  setLists: (change: (before: DeviceLists) => DeviceLists) => void,
): () => void {
  let isFollowing = true;
  const load = async (): Promise<void> => {
    const [cameras, microphones, speakers] = await Promise.all([
      devices.getCameraList(),
      devices.getMicrophoneList(),
      devices.getSpeakerList(),
    ]);
    const lists = { cameras, microphones, speakers };
    if (isFollowing) {
      setLists((before) => (isSame(before, lists) ? before : lists));
    }
  };
  // Where devices cannot be listed there are none to choose from.
  const reload = (): void => void load().catch(() => {});
  const disposers = listEvents.map((name) => devices.on(name, reload));
  reload();

  return () => {
    isFollowing = false;
    disposers.forEach((dispose) => dispose());
  };
}
