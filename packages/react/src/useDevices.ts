import type { AudioDeviceInfo, DeviceManager, VideoDeviceInfo } from '@parley/calling';
import { useEffect, useState } from 'react';
import { isSame } from './isSame.ts';
import { nothing } from './nothing.ts';
import { useCallClient } from './useCallClient.ts';
import { useObservable, type EventName } from './useObservable.ts';

/** The devices of this machine, and which of them calls take: `deviceManager.setCamera()` and the like choose. */
export interface Devices {
  readonly cameras: readonly VideoDeviceInfo[];
  readonly microphones: readonly AudioDeviceInfo[];
  readonly speakers: readonly AudioDeviceInfo[];
  readonly camera: VideoDeviceInfo | undefined;
  readonly microphone: AudioDeviceInfo | undefined;
  readonly speaker: AudioDeviceInfo | undefined;
}

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
  const cameras = useList(devices, 'camerasUpdated', getCameras);
  const microphones = useList(devices, 'microphonesUpdated', getMicrophones);
  const speakers = useList(devices, 'speakersUpdated', getSpeakers);
  const chosen = useObservable(devices, choiceEvents, (manager) => ({
    camera: manager.getCamera(),
    microphone: manager.getMicrophone(),
    speaker: manager.getSpeaker(),
  }));
  const { camera, microphone, speaker } = chosen ?? noChoice;

  return { cameras, microphones, speakers, camera, microphone, speaker };
}

const noChoice = { camera: undefined, microphone: undefined, speaker: undefined };
const getCameras = (devices: DeviceManager): Promise<VideoDeviceInfo[]> => devices.getCameraList();
const getMicrophones = (devices: DeviceManager): Promise<AudioDeviceInfo[]> => devices.getMicrophoneList();
const getSpeakers = (devices: DeviceManager): Promise<AudioDeviceInfo[]> => devices.getSpeakerList();

/** A list that has to be asked for, at first and after each event. */
function useList<Device>(
  devices: DeviceManager | undefined,
  event: 'camerasUpdated' | 'microphonesUpdated' | 'speakersUpdated',
  get: (devices: DeviceManager) => Promise<readonly Device[]>,
): readonly Device[] {
  const [list, setList] = useState<readonly Device[]>(nothing);
  useEffect(() => {
    if (devices === undefined) {
      return undefined;
    }
    let isFollowing = true;
    const take = (after: readonly Device[]): void => {
      if (isFollowing) {
        setList((before) => (isSame(before, after) ? before : after));
      }
    };
    // Where devices cannot be listed there are none to choose from.
    const load = (): void => void get(devices).then(take, () => take([]));
    const dispose = devices.on(event, load);
    load();

    return () => {
      isFollowing = false;
      dispose();
    };
  }, [devices, event, get]);

  return devices === undefined ? nothing : list;
}
