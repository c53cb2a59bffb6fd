import type { AudioDeviceInfo } from '@parley/calling';
import { useMemo } from 'react';
import { useCallClient } from './useCallClient.ts';
import { useLatest } from './useLatest.ts';
import { useObservable } from './useObservable.ts';
import { useResource } from './useResource.ts';

export interface Level {
  /** 0 to 100, as `LevelMeter.level`; 0 until the microphone is open. */
  readonly level: number;
  /** Why it could not be opened, such as a `MediaDeviceError` `permission_denied`. */
  readonly error: unknown;
}

/**
 * How loud a microphone is, which is open while the component is there.
 *
 * @param microphone Without it, the one that calls begin with.
 * @example
 * const { level } = useLevelMeter(useDevices().microphone);
 * return <meter max={100} value={level} />;
 */
export function useLevelMeter(microphone?: AudioDeviceInfo): Level {
  const devices = useCallClient()?.deviceManager;
  // The lists of devices are made anew: it is the same microphone as long as it has the same id.
  const id = microphone?.id;
  const latest = useLatest(microphone);
  const open = useMemo(
    () => devices && (() => devices.startLevelMeter(id === undefined ? undefined : latest.current)),
    [devices, id, latest],
  );
  const { value: meter, error } = useResource(open);

  return { level: useObservable(meter, ['levelChanged'], ({ level }) => level) ?? 0, error };
}
