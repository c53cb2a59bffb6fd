import {
  MediaDeviceError,
  type Call,
  type DeviceManager,
  type LocalDevice,
  type MediaDeviceFailure,
} from '@parley/calling';
import type { Notices } from '../state/Notices.ts';
import { Store } from '../state/Store.ts';
import { deviceWords, texts } from '../texts.ts';

interface OwnMediaState {
  /**
   * The camera was asked for and has not come yet. There is no stream in this time, and the button must not offer
   * the camera again.
   */
  readonly isCameraComing: boolean;
  /** What keeps the microphone from being heard, beside being muted. */
  readonly microphoneFailure: MediaDeviceFailure | undefined;
}

interface OwnMediaOptions {
  readonly devices: DeviceManager;
  readonly notices: Notices;
  /** The call was begun with the camera on. */
  readonly startsWithCamera: boolean;
}

/**
 * What a person does with their microphone, camera and screen in one call. What goes wrong is said in a notice;
 * no method rejects. It listens to its call for as long as there is one.
 */
export class OwnMedia {
  readonly #call: Call;
  readonly #devices: DeviceManager;
  readonly #notices: Notices;
  readonly #store: Store<OwnMediaState>;

  readonly get: () => OwnMediaState;
  readonly subscribe: (listener: () => void) => () => void;

  constructor(call: Call, { devices, notices, startsWithCamera }: OwnMediaOptions) {
    this.#call = call;
    this.#devices = devices;
    this.#notices = notices;
    this.#store = new Store<OwnMediaState>({
      isCameraComing: startsWithCamera,
      microphoneFailure: undefined,
    });
    this.get = this.#store.get;
    this.subscribe = this.#store.subscribe;

    call.on('mediaDeviceFailed', (error) => this.#deviceFailed(error));
    // Once there is a stream, it alone says whether the camera is on.
    call.on('localVideoStreamsUpdated', () => this.#set({ isCameraComing: false }));
    call.on('isMicrophoneAvailableChanged', () => {
      if (call.isMicrophoneAvailable) {
        this.#set({ microphoneFailure: undefined });
      }
    });
  }

  async toggleMicrophone(): Promise<void> {
    await this.#attempt('microphone', async () => {
      if (this.get().microphoneFailure !== undefined) {
        await this.#reviveMicrophone();
      } else if (this.#call.isMuted) {
        await this.#call.unmute();
      } else {
        await this.#call.mute();
      }
    });
  }

  async toggleCamera(): Promise<void> {
    const isOn = this.#call.localVideoStreams.some(({ type }) => type === 'Video');
    const isComing = this.get().isCameraComing;
    this.#set({ isCameraComing: !isOn && !isComing });
    await this.#attempt('camera', async () => {
      await (isOn || isComing ? this.#call.stopVideo() : this.#call.startVideo());
    });
    this.#set({ isCameraComing: false });
  }

  async toggleShare(): Promise<void> {
    await this.#attempt('screen', () =>
      this.#call.isScreenSharingOn
        ? this.#call.stopScreenSharing()
        : this.#call.startScreenSharing({ audio: true }),
    );
  }

  /** A microphone that failed comes back by being chosen, even if it is the same one. */
  async #reviveMicrophone(): Promise<void> {
    const [first] = await this.#devices.getMicrophoneList();
    const microphone = this.#devices.getMicrophone() ?? first;
    if (microphone === undefined) {
      throw new MediaDeviceError('device_not_found', 'microphone');
    }
    await this.#devices.setMicrophone(microphone);
    await this.#call.unmute();
  }

  #deviceFailed(error: MediaDeviceError): void {
    this.#tellOf(error.device, error);
    if (error.device === 'camera') {
      this.#set({ isCameraComing: false });
    }
    if (error.device === 'microphone') {
      this.#set({ microphoneFailure: error.code });
    }
  }

  async #attempt(device: LocalDevice, change: () => Promise<void>): Promise<void> {
    try {
      await change();
    } catch (error) {
      this.#tellOf(device, error);
    }
  }

  #tellOf(device: LocalDevice, error: unknown): void {
    // What fails because the call has ended meanwhile is no news.
    if (this.#call.state === 'Disconnecting' || this.#call.state === 'Disconnected') {
      return;
    }
    if (!(error instanceof MediaDeviceError)) {
      this.#notices.show(texts.call.actionFailed, { tone: 'problem' });

      return;
    }
    // Somebody who closes the browser's own choice of screens knows that nothing is shared.
    if (device === 'screen' && error.code === 'permission_denied') {
      return;
    }
    const { title, detail } = deviceWords(device, error.code);
    this.#notices.show(title, { detail, tone: 'problem' });
  }

  #set(change: Partial<OwnMediaState>): void {
    this.#store.set({ ...this.get(), ...change });
  }
}
