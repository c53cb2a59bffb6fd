import { Disposer, SerialQueue } from '@parley/kit';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { ScalingMode } from '../rendering/renderingTypes.ts';
import { assertRenderArguments } from '../rendering/VideoView.ts';
import { CameraPreview } from './CameraPreview.ts';
import { difference, toDeviceLists, type DeviceLists } from './deviceLists.ts';
import type { DevicesPort } from './DevicesPort.ts';
import type {
  AudioDeviceInfo,
  DeviceAccess,
  DeviceManager,
  DeviceManagerEvents,
  PermissionState,
  PreviewRenderer,
  VideoDeviceInfo,
} from './deviceTypes.ts';
import { LocalCapture, stopTracks } from './LocalCapture.ts';
import { MediaDeviceError } from './MediaDeviceError.ts';
import { Permissions } from './Permissions.ts';

interface DeviceManagerOptions {
  devices: DevicesPort;
  setSpeaker: (speakerId: string) => Promise<void>;
  /** Changes the calls in progress over to another microphone. */
  switchMicrophone: (microphoneId: string) => Promise<void>;
}

export class DeviceManagerImpl extends EventSource<DeviceManagerEvents> implements DeviceManager {
  /** Opens the devices that are selected here. */
  readonly capture: LocalCapture;
  readonly #options: DeviceManagerOptions;
  readonly #permissions: Permissions;
  readonly #previews = new Set<CameraPreview>();
  readonly #cleanups = new Disposer();
  // One after another, so that an older list never replaces a newer one.
  readonly #listing = new SerialQueue('device lists');
  #lists: DeviceLists = { cameras: [], microphones: [], speakers: [] };
  #camera: VideoDeviceInfo | undefined;
  #microphone: AudioDeviceInfo | undefined;
  #speaker: AudioDeviceInfo | undefined;

  constructor(options: DeviceManagerOptions) {
    super();
    this.#options = options;
    this.#permissions = new Permissions(options.devices);
    this.capture = new LocalCapture({
      devices: options.devices,
      cameraId: () => this.#camera?.id,
      microphoneId: () => this.#microphone?.id,
      onCaptured: () => this.#refreshSoon(),
    });
    this.#cleanups.add(() => this.#permissions.dispose());
    this.#cleanups.add(options.devices.onDeviceChange(() => this.#refreshSoon()));
    this.#refreshSoon();
  }

  async getCameraList(): Promise<VideoDeviceInfo[]> {
    return [...(await this.#refresh()).cameras];
  }

  async getMicrophoneList(): Promise<AudioDeviceInfo[]> {
    return [...(await this.#refresh()).microphones];
  }

  async getSpeakerList(): Promise<AudioDeviceInfo[]> {
    return [...(await this.#refresh()).speakers];
  }

  getCamera(): VideoDeviceInfo | undefined {
    return this.#camera;
  }

  async setCamera(device: VideoDeviceInfo): Promise<void> {
    assertDevice(device);
    this.#camera = device;
    this.emit('selectedCameraChanged');
  }

  getMicrophone(): AudioDeviceInfo | undefined {
    return this.#microphone;
  }

  async setMicrophone(device: AudioDeviceInfo): Promise<void> {
    assertDevice(device);
    await this.#options.switchMicrophone(device.id);
    this.#microphone = device;
    this.emit('selectedMicrophoneChanged');
  }

  getSpeaker(): AudioDeviceInfo | undefined {
    return this.#speaker;
  }

  async setSpeaker(device: AudioDeviceInfo): Promise<void> {
    assertDevice(device);
    await this.#options.setSpeaker(device.id);
    this.#speaker = device;
    this.emit('selectedSpeakerChanged');
  }

  gettMicrophone(): AudioDeviceInfo | undefined {
    return this.getMicrophone();
  }

  settMicrophone(device: AudioDeviceInfo): Promise<void> {
    return this.setMicrophone(device);
  }

  async askDevicePermission(
    audioOrBoth: boolean | { audio: boolean; video: boolean },
    videoOnly = false,
  ): Promise<DeviceAccess> {
    const { audio, video } =
      typeof audioOrBoth === 'object' ? audioOrBoth : { audio: audioOrBoth, video: videoOnly };
    if (audio && video) {
      const both = this.capture.microphoneAndCamera();

      const [mayHear, maySee] = await Promise.all([
        this.#learn('Microphone', both.microphone),
        this.#learn('Camera', both.camera),
      ]);

      return { audio: mayHear, video: maySee };
    }

    return {
      audio: audio && (await this.#learn('Microphone', this.capture.microphone())),
      video: video && (await this.#learn('Camera', this.capture.camera())),
    };
  }

  getPermissionState(device: 'Camera' | 'Microphone'): PermissionState {
    return this.#permissions.state(device);
  }

  async renderPreviewVideo(
    device: VideoDeviceInfo | undefined,
    target: HTMLElement,
    scalingMode: ScalingMode = 'Crop',
  ): Promise<PreviewRenderer> {
    assertRenderArguments(target, scalingMode);
    if (this.#cleanups.disposed) {
      throw new CallError('invalid_state', 'The client was disposed.');
    }
    const preview = new CameraPreview({
      device: device ?? this.#camera,
      target,
      scalingMode,
      mirrored: true,
      openCamera: (deviceId) => this.capture.camera(deviceId),
      onDisposed: () => this.#previews.delete(preview),
    });
    this.#previews.add(preview);

    return preview;
  }

  dispose(): void {
    this.#cleanups.dispose();
    for (const preview of this.#previews) {
      preview.dispose();
    }
  }

  /** Turns the device of a permission question off again and remembers how the person answered. */
  async #learn(
    kind: 'Camera' | 'Microphone',
    captured: Promise<MediaStream | MediaStreamTrack>,
  ): Promise<boolean> {
    try {
      const opened = await captured;
      if ('getTracks' in opened) {
        stopTracks(opened);
      } else {
        opened.stop();
      }
      this.#permissions.learn(kind, true);

      return true;
    } catch (error) {
      if (error instanceof MediaDeviceError && error.code === 'permission_denied') {
        this.#permissions.learn(kind, false);
      }

      return false;
    }
  }

  #refreshSoon(): void {
    // Where devices cannot be listed there are none to tell of.
    this.#refresh().catch(() => {});
  }

  #refresh(): Promise<DeviceLists> {
    return this.#listing.push(async () => {
      const after = toDeviceLists(await this.#options.devices.enumerateDevices());
      if (!this.#cleanups.disposed) {
        this.#replace(after);
      }

      return after;
    });
  }

  #replace(after: DeviceLists): void {
    const before = this.#lists;
    this.#lists = after;
    const cameras = difference(before.cameras, after.cameras);
    const microphones = difference(before.microphones, after.microphones);
    const speakers = difference(before.speakers, after.speakers);
    if (cameras !== undefined) {
      this.emit('camerasUpdated', cameras);
    }
    if (microphones !== undefined) {
      this.emit('microphonesUpdated', microphones);
    }
    if (speakers !== undefined) {
      this.emit('speakersUpdated', speakers);
    }
  }
}

function assertDevice(device: { id: string }): void {
  if (typeof (device as Partial<{ id: string }> | undefined)?.id !== 'string') {
    throw new TypeError('Choose a device that one of the lists of the device manager named.');
  }
}
