import { Disposer } from '@parley/kit';
import type { DeviceAccess, PermissionState } from './deviceTypes.ts';
import type { DevicesPort } from './DevicesPort.ts';

type Kind = 'Camera' | 'Microphone';

const stateOfStatus = { granted: 'Granted', denied: 'Denied', prompt: 'Prompt' } as const;
const nameOfKind = { Camera: 'camera', Microphone: 'microphone' } as const;

/** What the browser says, unasked, of the person's permission for each kind of device. */
export class Permissions {
  readonly #states: Record<Kind, PermissionState> = { Camera: 'Unknown', Microphone: 'Unknown' };
  readonly #cleanups = new Disposer();
  readonly #onChanged: () => void;

  constructor(devices: DevicesPort, onChanged: () => void) {
    this.#onChanged = onChanged;
    void this.#watch(devices, 'Camera');
    void this.#watch(devices, 'Microphone');
  }

  /** @throws TypeError for another kind. */
  state(kind: Kind): PermissionState {
    if (!Object.hasOwn(this.#states, kind)) {
      throw new TypeError("getPermissionState() takes 'Camera' or 'Microphone'.");
    }

    return this.#states[kind];
  }

  /** The outcome of a capture, which says more than a browser that answers `Prompt` or nothing. */
  learn(kind: Kind, granted: boolean): void {
    this.#set(kind, granted ? 'Granted' : 'Denied');
  }

  dispose(): void {
    this.#cleanups.dispose();
  }

  async #watch(devices: DevicesPort, kind: Kind): Promise<void> {
    const status = await devices.queryPermission(nameOfKind[kind]);
    if (status === undefined) {
      return;
    }
    const read = (): void => {
      this.#set(kind, stateOfStatus[status.state]);
    };
    read();
    status.addEventListener('change', read);
    this.#cleanups.add(() => status.removeEventListener('change', read));
  }

  #set(kind: Kind, state: PermissionState): void {
    if (state !== this.#states[kind]) {
      this.#states[kind] = state;
      this.#onChanged();
    }
  }
}

/** What to ask for, by either way of saying it. @throws TypeError for what are no booleans. */
export function wantedAccess(audioOrBoth: boolean | DeviceAccess, videoOnly: boolean): DeviceAccess {
  const { audio, video } =
    typeof audioOrBoth === 'object' ? audioOrBoth : { audio: audioOrBoth, video: videoOnly };
  if (typeof audio !== 'boolean' || typeof video !== 'boolean') {
    throw new TypeError('askDevicePermission() takes two booleans, or { audio, video }.');
  }

  return { audio, video };
}
