import type { CollectionUpdate } from '../events.ts';
import type { AudioDeviceInfo, VideoDeviceInfo } from './deviceTypes.ts';

export interface DeviceLists {
  readonly cameras: readonly VideoDeviceInfo[];
  readonly microphones: readonly AudioDeviceInfo[];
  readonly speakers: readonly AudioDeviceInfo[];
}

export function toDeviceLists(devices: readonly MediaDeviceInfo[]): DeviceLists {
  const ofKind = (kind: MediaDeviceKind) => devices.filter((device) => device.kind === kind);

  return {
    cameras: ofKind('videoinput').map(({ deviceId, label }) => ({ id: deviceId, name: label })),
    microphones: toAudioDevices(ofKind('audioinput'), 'Microphone'),
    speakers: toAudioDevices(ofKind('audiooutput'), 'Speaker'),
  };
}

/** Chromium lists the system's choice once more as `default`; elsewhere the first one is it. */
function toAudioDevices(
  devices: readonly MediaDeviceInfo[],
  deviceType: AudioDeviceInfo['deviceType'],
): AudioDeviceInfo[] {
  const defaultIndex = Math.max(
    0,
    devices.findIndex(({ deviceId }) => deviceId === 'default'),
  );

  return devices.map(({ deviceId, label }, index) => ({
    id: deviceId,
    name: label,
    deviceType,
    isSystemDefault: index === defaultIndex,
  }));
}

/** What differs between two lists; a device that only now shows its name counts as another one. */
export function difference<Device extends { id: string; name: string }>(
  before: readonly Device[],
  after: readonly Device[],
): CollectionUpdate<Device> | undefined {
  const isIn = (list: readonly Device[], device: Device): boolean =>
    list.some(({ id, name }) => id === device.id && name === device.name);
  const added = after.filter((device) => !isIn(before, device));
  const removed = before.filter((device) => !isIn(after, device));

  return added.length + removed.length === 0 ? undefined : { added, removed };
}

/** The device that a track comes from. */
export function deviceOf(track: MediaStreamTrack): VideoDeviceInfo {
  return { id: track.getSettings().deviceId ?? '', name: track.label };
}

/**
 * Whether what the browser gave in place of a track that has ended comes from another device. The same once more would
 * end as the first one did, again and again. Not by the id alone: in Chromium the system's choice is always `default`.
 */
export function isOtherDevice(ended: MediaStreamTrack, next: MediaStreamTrack): boolean {
  return ended.label !== next.label || deviceOf(ended).id !== deviceOf(next).id;
}
