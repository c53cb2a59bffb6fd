import { Disposer } from '@parley/kit';
import type { Automatic } from '../automatic.ts';
import { CallError } from '../errors.ts';
import { EventSource } from '../events.ts';
import type { RenderOptions, ScalingMode } from '../rendering/renderingTypes.ts';
import { assertRenderArguments } from '../rendering/VideoView.ts';
import { assertDevice, assertOptionalDevice } from './assertDevice.ts';
import { CameraPreview } from './CameraPreview.ts';
import { DeviceChoice } from './DeviceChoice.ts';
import { difference, type DeviceLists } from './deviceLists.ts';
import type { DeviceKind, DeviceMemory } from './DeviceMemory.ts';
import type { DevicesPort } from './DevicesPort.ts';
import type {
  AudioDeviceInfo,
  DeviceAccess,
  DeviceManager,
  DeviceManagerEvents,
  LevelMeter,
  PermissionState,
  PreviewRenderer,
  VideoDeviceInfo,
} from './deviceTypes.ts';
import { KnownDevices } from './KnownDevices.ts';
import { LevelMeterImpl } from './LevelMeterImpl.ts';
import { LocalCapture, stopTracks } from './LocalCapture.ts';
import { MediaDeviceError } from './MediaDeviceError.ts';
import { Permissions, wantedAccess } from './Permissions.ts';

interface DeviceManagerOptions {
  devices: DevicesPort;
  /** Undefined where choices are to be forgotten with the page. */
  memory: DeviceMemory | undefined;
  automatic: Automatic;
  canSetSpeaker: () => boolean;
  setSpeaker: (speakerId: string) => Promise<void>;
  /** Changes the calls in progress over to another microphone. */
  switchMicrophone: (microphoneId: string) => Promise<void>;
  /**
   * Has calls change over to the one that calls begin with: those whose microphone was unplugged and, given a name, those
   * that use one of another name.
   */
  followMicrophone: (name: string | undefined) => Promise<void>;
}

export class DeviceManagerImpl extends EventSource<DeviceManagerEvents> implements DeviceManager {
  /** Opens the devices that are selected here. */
  readonly capture: LocalCapture;
  readonly #options: DeviceManagerOptions;
  readonly #permissions: Permissions;
  /** Previews and level meters. */
  readonly #running = new Set<{ dispose(): void }>();
  readonly #cleanups = new Disposer();
  readonly #known: KnownDevices;
  readonly #camera: DeviceChoice<VideoDeviceInfo>;
  readonly #microphone: DeviceChoice<AudioDeviceInfo>;
  readonly #speaker: DeviceChoice<AudioDeviceInfo>;
  /** Where the sound comes out; empty for the system's choice, undefined as long as nobody has said anything. */
  #speakerId: string | undefined;
  /** The microphone that was asked for last; it is chosen when it could be had. */
  #wantedMicrophone: AudioDeviceInfo | undefined;

  constructor(options: DeviceManagerOptions) {
    super();
    this.#options = options;
    this.#permissions = new Permissions(options.devices, () => this.emit('permissionStateChanged'));
    const { replaceDevices } = options.automatic;
    const chosenIds = options.memory?.read();
    const choice = (kind: DeviceKind, onSelectedChanged: () => void) => ({
      chosenId: chosenIds?.[kind],
      replaceDevices,
      remember: (id: string) => options.memory?.write(kind, id),
      onSelectedChanged,
    });
    this.#camera = new DeviceChoice(choice('camera', () => this.emit('selectedCameraChanged')));
    this.#microphone = new DeviceChoice(choice('microphone', () => this.emit('selectedMicrophoneChanged')));
    this.#speaker = new DeviceChoice(choice('speaker', () => this.emit('selectedSpeakerChanged')));
    this.capture = new LocalCapture({
      devices: options.devices,
      replaceDevices,
      cameraId: () => this.#camera.id,
      microphoneId: () => this.#microphone.id,
      onOpened: (track, wantedId) => void this.#learnFrom(track, wantedId).catch(() => {}),
    });
    this.#cleanups.add(() => this.#permissions.dispose());
    this.#known = new KnownDevices(options.devices, (after, before) => this.#listed(after, before));
    this.#cleanups.add(() => this.#known.dispose());
  }

  async getCameraList(): Promise<VideoDeviceInfo[]> {
    return [...(await this.#known.refresh()).cameras];
  }

  async getMicrophoneList(): Promise<AudioDeviceInfo[]> {
    return [...(await this.#known.refresh()).microphones];
  }

  async getSpeakerList(): Promise<AudioDeviceInfo[]> {
    return [...(await this.#known.refresh()).speakers];
  }

  getCamera(): VideoDeviceInfo | undefined {
    return this.#camera.selected;
  }

  async setCamera(device: VideoDeviceInfo): Promise<void> {
    assertDevice(device);
    this.#assertUsable();
    this.#camera.choose(device);
  }

  getMicrophone(): AudioDeviceInfo | undefined {
    return this.#microphone.selected;
  }

  async setMicrophone(device: AudioDeviceInfo): Promise<void> {
    assertDevice(device);
    this.#assertUsable();
    this.#wantedMicrophone = device;
    await this.#options.switchMicrophone(device.id);
    if (this.#wantedMicrophone === device) {
      this.#microphone.choose(device);
    }
  }

  getSpeaker(): AudioDeviceInfo | undefined {
    return this.#speaker.selected;
  }

  async setSpeaker(device: AudioDeviceInfo): Promise<void> {
    assertDevice(device);
    this.#assertUsable();
    await this.#options.setSpeaker(device.id);
    this.#speakerId = device.id;
    this.#speaker.choose(device);
  }

  get isSpeakerSelectionAvailable(): boolean {
    return this.#options.canSetSpeaker();
  }

  getCameras(): Promise<VideoDeviceInfo[]> {
    return this.getCameraList();
  }

  getMicrophones(): Promise<AudioDeviceInfo[]> {
    return this.getMicrophoneList();
  }

  getSpeakers(): Promise<AudioDeviceInfo[]> {
    return this.getSpeakerList();
  }

  get selectedMicrophone(): AudioDeviceInfo | undefined {
    return this.getMicrophone();
  }

  selectMicrophone(device: AudioDeviceInfo): Promise<void> {
    return this.setMicrophone(device);
  }

  get selectedSpeaker(): AudioDeviceInfo | undefined {
    return this.getSpeaker();
  }

  selectSpeaker(device: AudioDeviceInfo): Promise<void> {
    return this.setSpeaker(device);
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
    const { audio, video } = wantedAccess(audioOrBoth, videoOnly);
    this.#assertUsable();
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
    { isMirrored = true }: Pick<RenderOptions, 'isMirrored'> = {},
  ): Promise<PreviewRenderer> {
    assertRenderArguments(target, scalingMode);
    assertOptionalDevice(device);
    this.#assertUsable();
    const preview = new CameraPreview({
      device: device ?? this.#camera.selected,
      target,
      scalingMode,
      mirrored: isMirrored,
      openCamera: (deviceId) => this.capture.camera(deviceId),
      onDisposed: () => this.#running.delete(preview),
    });
    this.#running.add(preview);

    return preview;
  }

  async startLevelMeter(microphone?: AudioDeviceInfo): Promise<LevelMeter> {
    assertOptionalDevice(microphone);
    this.#assertUsable();
    const track = await this.capture.openMicrophone(microphone?.id);
    if (this.#cleanups.disposed) {
      track.stop();
    }
    this.#assertUsable();
    const meter: LevelMeterImpl = new LevelMeterImpl(track, this.#options.devices, () =>
      this.#running.delete(meter),
    );
    this.#running.add(meter);

    return meter;
  }

  async startPreheatDevices(): Promise<void> {
    this.#assertUsable();
    await this.capture.preheat();
  }

  stopPreheatDevices(): void {
    this.capture.cool();
  }

  dispose(): void {
    this.#cleanups.dispose();
    this.stopPreheatDevices();
    for (const running of this.#running) {
      running.dispose();
    }
  }

  #assertUsable(): void {
    if (this.#cleanups.disposed) {
      throw new CallError('invalid_state', 'The client was disposed.');
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

  /** The browser shows the names of devices only once one has been opened. */
  async #learnFrom(track: MediaStreamTrack, wantedId: string | undefined): Promise<void> {
    const choice = track.kind === 'audio' ? this.#microphone : this.#camera;
    await this.#known.refresh();
    if (wantedId === undefined) {
      choice.taken(track.getSettings().deviceId);
    }
  }

  #listed(after: DeviceLists, before: DeviceLists): void {
    const cameras = difference(before.cameras, after.cameras);
    const microphones = difference(before.microphones, after.microphones);
    const speakers = difference(before.speakers, after.speakers);
    this.#camera.update(after.cameras);
    const { target } = this.#microphone;
    this.#microphone.update(after.microphones);
    this.#speaker.update(after.speakers);
    this.#followMicrophone(target);
    this.#followSpeaker();
    if (cameras !== undefined) {
      this.emit('camerasUpdated', cameras);
      this.emit('videoDevicesUpdated', cameras);
    }
    if (microphones !== undefined) {
      this.emit('microphonesUpdated', microphones);
      this.emit('audioDevicesUpdated', microphones);
    }
    if (speakers !== undefined) {
      this.emit('speakersUpdated', speakers);
      this.emit('audioDevicesUpdated', speakers);
    }
  }

  /**
   * The chosen one was plugged in again, or the system's choice is another than it was: what the person has picked in the
   * browser's own question, as Firefox has it, stays until then. One that has ended is replaced by its call.
   */
  #followMicrophone(before: AudioDeviceInfo | undefined): void {
    const { target } = this.#microphone;
    const isOther = target?.id !== before?.id || target?.name !== before?.name;
    if (this.#options.automatic.followDevices && target !== undefined && isOther) {
      const name = before === undefined ? undefined : target.name;
      // Where it cannot be had, calls go on with the one they have.
      this.#options.followMicrophone(name).catch(() => {});
    }
  }

  #followSpeaker(): void {
    const id = this.#speaker.chosen?.id ?? '';
    const before = this.#speakerId;
    // One of an earlier visit is taken when it is there, whatever is followed afterwards.
    if (id !== (before ?? '') && (before === undefined || this.#options.automatic.followDevices)) {
      this.#speakerId = id;
      this.#options.setSpeaker(id).catch(() => {
        // One that is listed before it can be had, as with Bluetooth, is tried again with the next list.
        if (this.#speakerId === id) {
          this.#speakerId = before;
        }
      });
    }
  }
}
