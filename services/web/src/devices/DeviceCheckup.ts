import {
  MediaDeviceError,
  type DeviceAccess,
  type DeviceManager,
  type Disposable,
  type MediaDeviceFailure,
  type PreviewRenderer,
} from '@parley/calling';
import { Store } from '../state/Store.ts';
import type { Choices } from './choices.ts';

/**
 * How it goes with a device. `asking` begins when the person wants it and ends with the browser's answer; a device
 * that failed is asked for again only when the person says so:
 *
 * ```
 *   off ──wanted──► asking ──────────► ready
 *    ▲               │  ▲               │
 *    │               ▼  │ tryAgain()    ▼
 *    └─not wanted── failed ◄──(another camera cannot be had)
 * ```
 */
export type DeviceCheck =
  | { readonly is: 'off' }
  | { readonly is: 'asking' }
  | { readonly is: 'ready' }
  | { readonly is: 'failed'; readonly failure: MediaDeviceFailure };

export interface DeviceChecks {
  readonly camera: DeviceCheck;
  readonly microphone: DeviceCheck;
}

const off: DeviceCheck = { is: 'off' };
const asking: DeviceCheck = { is: 'asking' };
const ready: DeviceCheck = { is: 'ready' };

/**
 * Gets the devices that a person wants before a call, shows the camera, and says what is in the way. The browser
 * asks once for both devices; the picture comes after its answer.
 */
export class DeviceCheckup {
  readonly #devices: DeviceManager;
  readonly #store = new Store<DeviceChecks>({ camera: off, microphone: off });
  #wanted: Choices = { microphone: false, camera: false };
  #shown: Disposable | undefined;
  /** Steps run one after the other: a switch thrown twice quickly must not open the camera twice. */
  #steps: Promise<void> = Promise.resolve();
  #isClosed = false;

  readonly get = this.#store.get;
  readonly subscribe = this.#store.subscribe;

  constructor(devices: DeviceManager) {
    this.#devices = devices;
  }

  /** Brings the devices into the state that `choices` asks for, the picture into `target`. */
  want(choices: Choices, target: HTMLElement): void {
    this.#wanted = choices;
    this.#steps = this.#steps.then(() => this.#step(target, begun));
  }

  /** Asks again for what failed: the person has done something about it. */
  tryAgain(target: HTMLElement): void {
    this.#steps = this.#steps.then(() => this.#step(target, begunAgain));
  }

  /** Lets go of the camera. */
  close(): void {
    this.#isClosed = true;
    this.#hide();
  }

  async #step(target: HTMLElement, begin: typeof begun): Promise<void> {
    if (this.#isClosed) {
      return;
    }
    const { microphone, camera } = this.#wanted;
    if (!camera) {
      this.#hide();
    }
    const { get } = this;
    this.#tell({
      microphone: begin(microphone, get().microphone),
      camera: begin(camera, get().camera),
    });
    const asked = { audio: get().microphone === asking, video: get().camera === asking };
    if (!asked.audio && !asked.video) {
      return;
    }
    const access = await this.#ask(asked);
    if (asked.audio) {
      this.#tell({ microphone: access.audio ? ready : failed(await this.#failureOf('Microphone')) });
    }
    // While the browser asked, the person may have gone.
    if (!asked.video || this.#isClosed) {
      return;
    }
    if (access.video) {
      await this.#show(target);
    } else {
      this.#tell({ camera: failed(await this.#failureOf('Camera')) });
    }
  }

  #ask(wanted: DeviceAccess): Promise<DeviceAccess> {
    return this.#devices.askDevicePermission(wanted).catch(() => ({ audio: false, video: false }));
  }

  /** `askDevicePermission` says only that it may not be used; the rest is to be found out. */
  async #failureOf(device: 'Camera' | 'Microphone'): Promise<MediaDeviceFailure> {
    const list = device === 'Camera' ? this.#devices.getCameraList() : this.#devices.getMicrophoneList();
    const { length } = await list.catch(() => []);
    switch (this.#devices.getPermissionState(device)) {
      case 'Denied':
        return 'permission_denied';
      case 'Granted':
        return length === 0 ? 'device_not_found' : 'device_busy';
      default:
        return length === 0 ? 'device_not_found' : 'permission_denied';
    }
  }

  async #show(target: HTMLElement): Promise<void> {
    this.#hide();
    try {
      const preview = await this.#devices.renderPreviewVideo(this.#devices.getCamera(), target, 'Crop');
      const unsubscribe = this.#devices.on('selectedCameraChanged', () => void this.#change(preview));
      this.#shown = () => {
        unsubscribe();
        preview.dispose();
      };
      await preview.start();
      this.#tell({ camera: ready });
    } catch (error) {
      this.#hide();
      this.#tell({ camera: failed(failureOf(error)) });
    }
    if (this.#isClosed) {
      this.#hide();
    }
  }

  async #change(preview: PreviewRenderer): Promise<void> {
    const chosen = this.#devices.getCamera();
    if (chosen === undefined) {
      return;
    }
    try {
      await preview.switchDevice(chosen);
    } catch (error) {
      this.#tell({ camera: failed(failureOf(error)) });
    }
  }

  #hide(): void {
    this.#shown?.();
    this.#shown = undefined;
  }

  #tell(change: Partial<DeviceChecks>): void {
    this.#store.set({ ...this.get(), ...change });
  }
}

/** What is ready or failed stays so: whoever denied once is not asked again by every other switch. */
function begun(isWanted: boolean, before: DeviceCheck): DeviceCheck {
  if (!isWanted) {
    return off;
  }

  return before.is === 'off' ? asking : before;
}

function begunAgain(isWanted: boolean, before: DeviceCheck): DeviceCheck {
  return begun(isWanted, before.is === 'failed' ? off : before);
}

function failed(failure: MediaDeviceFailure): DeviceCheck {
  return { is: 'failed', failure };
}

function failureOf(error: unknown): MediaDeviceFailure {
  return error instanceof MediaDeviceError ? error.code : 'failed';
}
