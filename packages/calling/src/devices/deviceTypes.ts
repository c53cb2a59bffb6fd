import type { CollectionUpdate, Observable } from '../events.ts';
import type { RenderOptions, ScalingMode, VideoRenderer } from '../rendering/renderingTypes.ts';

/** A camera. */
export interface VideoDeviceInfo {
  /**
   * The `deviceId` of W3C Media Capture: the same in every session of this page's origin until the person clears its
   * data.
   */
  readonly id: string;
  /** The browser's label; empty until the person has granted access to cameras. */
  readonly name: string;
}

/** A microphone or a speaker. */
export interface AudioDeviceInfo {
  /** The `deviceId` of W3C Media Capture, as with a camera. */
  readonly id: string;
  /** The browser's label; empty until the person has granted access to microphones. */
  readonly name: string;
  /** Whether one speaks into it or hears it. */
  readonly deviceType: 'Microphone' | 'Speaker';
  /** Whether the operating system would take this one. */
  readonly isSystemDefault: boolean;
}

/**
 * `Prompt`: the browser will ask. `Unknown`: the browser does not say; ask with `askDevicePermission`.
 */
export type PermissionState = 'Granted' | 'Denied' | 'Prompt' | 'Unknown';

/** What the person has granted. */
export interface DeviceAccess {
  /** Whether the page may use a microphone. */
  readonly audio: boolean;
  /** Whether the page may use a camera. */
  readonly video: boolean;
}

export type DeviceManagerEvents = {
  /** Cameras were plugged in or pulled out. */
  camerasUpdated: [CollectionUpdate<VideoDeviceInfo>];
  /** Microphones were plugged in or pulled out. */
  microphonesUpdated: [CollectionUpdate<AudioDeviceInfo>];
  /** Speakers were plugged in or pulled out. */
  speakersUpdated: [CollectionUpdate<AudioDeviceInfo>];
  /** The same as `camerasUpdated`. */
  videoDevicesUpdated: [CollectionUpdate<VideoDeviceInfo>];
  /** What `microphonesUpdated` and `speakersUpdated` tell. */
  audioDevicesUpdated: [CollectionUpdate<AudioDeviceInfo>];
  /** Another one was chosen, or was seen to be taken. */
  selectedCameraChanged: [];
  selectedMicrophoneChanged: [];
  selectedSpeakerChanged: [];
  /** What `getPermissionState()` answers for one of the devices: the person, or the browser, has decided otherwise. */
  permissionStateChanged: [];
};

/**
 * The devices of this machine, the person's permission to use them, and which of them calls use.
 * Its events need no permission, but names are empty without.
 */
export interface DeviceManager extends Observable<DeviceManagerEvents> {
  /** The cameras of this machine, by the browser's order; empty when there is none. Asks the person for nothing. */
  getCameraList(): Promise<VideoDeviceInfo[]>;
  /** The microphones of this machine, likewise. */
  getMicrophoneList(): Promise<AudioDeviceInfo[]>;
  /** Empty where the browser leaves the choice of a speaker to the operating system. */
  getSpeakerList(): Promise<AudioDeviceInfo[]>;

  /**
   * The camera that the next video starts with: the chosen one or, where it is not there or none was chosen, the one that
   * the browser was seen to take. Undefined until then.
   */
  getCamera(): VideoDeviceInfo | undefined;
  /**
   * Chooses the camera that the next video starts with. Video that is being sent goes on as it is: see
   * `LocalVideoStream.switchSource`.
   * @throws TypeError for what is no device, as each method that takes one.
   * @throws CallError `invalid_state` after the client's `dispose()`, as each method that chooses, opens or asks.
   */
  setCamera(device: VideoDeviceInfo): Promise<void>;
  /** As with `getCamera`. While none is chosen, calls follow when the system's choice changes. */
  getMicrophone(): AudioDeviceInfo | undefined;
  /**
   * Chooses the microphone. Calls in progress change over to it at once.
   * @throws TypeError for what is no device.
   * @throws MediaDeviceError when it cannot be had; the calls go on with the present one.
   */
  setMicrophone(device: AudioDeviceInfo): Promise<void>;
  /** The chosen one while it is there; undefined for the system's choice. */
  getSpeaker(): AudioDeviceInfo | undefined;
  /**
   * Everything heard comes out of it from now on.
   * @throws TypeError for what is no device.
   * @throws CallError `not_supported` where the browser does not let a page choose.
   */
  setSpeaker(device: AudioDeviceInfo): Promise<void>;
  /** Whether this browser lets a page choose the speaker. */
  readonly isSpeakerSelectionAvailable: boolean;

  /** The same as `getCameraList`. */
  getCameras(): Promise<VideoDeviceInfo[]>;
  /** The same as `getMicrophoneList`. */
  getMicrophones(): Promise<AudioDeviceInfo[]>;
  /** The same as `getSpeakerList`. */
  getSpeakers(): Promise<AudioDeviceInfo[]>;
  /** The same as `getMicrophone`. */
  readonly selectedMicrophone: AudioDeviceInfo | undefined;
  /** The same as `setMicrophone`. */
  selectMicrophone(device: AudioDeviceInfo): Promise<void>;
  /** The same as `getSpeaker`. */
  readonly selectedSpeaker: AudioDeviceInfo | undefined;
  /** The same as `setSpeaker`. */
  selectSpeaker(device: AudioDeviceInfo): Promise<void>;
  /** The same as `getMicrophone`. */
  gettMicrophone(): AudioDeviceInfo | undefined;
  /** The same as `setMicrophone`. */
  settMicrophone(device: AudioDeviceInfo): Promise<void>;

  /**
   * Has the browser ask the person for what is not granted yet. Resolves with what the page may use; a refusal
   * or a missing device is `false`, not an error.
   *
   * @throws TypeError for what are no booleans.
   * @example
   * const { audio, video } = await deviceManager.askDevicePermission({ audio: true, video: true });
   */
  askDevicePermission(audio: boolean, video: boolean): Promise<DeviceAccess>;
  askDevicePermission(wanted: { audio: boolean; video: boolean }): Promise<DeviceAccess>;
  /**
   * What is known without asking the person, `Unknown` until the browser has told; `permissionStateChanged` tells when it is
   * another.
   * @throws TypeError for another kind of device.
   */
  getPermissionState(device: 'Camera' | 'Microphone'): PermissionState;

  /**
   * Opens a microphone and measures it, also before a call and beside one.
   *
   * @example
   * const meter = await deviceManager.startLevelMeter();
   * meter.on('levelChanged', () => (bar.style.width = `${meter.level}%`));
   * @param microphone Without it, the one that calls begin with.
   * @throws MediaDeviceError when it cannot be had.
   * @throws CallError `invalid_state` after the client's `dispose()`.
   */
  startLevelMeter(microphone?: AudioDeviceInfo): Promise<LevelMeter>;
  /**
   * Opens the microphone and the camera that a call begins with, so that the next one has them at once; resolves when they
   * are open. What cannot be had is told by the call. The camera's light is on until a call is over that took it, or
   * `stopPreheatDevices()`.
   * @throws CallError `invalid_state` after the client's `dispose()`.
   */
  startPreheatDevices(): Promise<void>;
  /** Turns off what no call has taken. */
  stopPreheatDevices(): void;

  /**
   * Prepares a picture of the person's own camera that is sent to nobody; it shows after `start()`.
   *
   * @example
   * const preview = await deviceManager.renderPreviewVideo(camera, element, 'Crop');
   * await preview.start();
   * @param device Without it, the camera that the next video starts with.
   * @throws TypeError when `target` is no element, `scalingMode` none of the three, or `device` no camera.
   * @throws CallError `invalid_state` after the client's `dispose()`.
   */
  renderPreviewVideo(
    device: VideoDeviceInfo | undefined,
    target: HTMLElement,
    scalingMode?: ScalingMode,
    options?: Pick<RenderOptions, 'isMirrored'>,
  ): Promise<PreviewRenderer>;
}

export type LevelMeterEvents = {
  levelChanged: [];
};

/** How loud a microphone is, outside any call. Its sound goes nowhere. */
export interface LevelMeter extends Observable<LevelMeterEvents> {
  /** 0, as in a quiet room, to 100, as loud as the microphone can tell; by decibels. */
  readonly level: number;
  /** Turns the microphone off. May be called more than once. */
  dispose(): void;
}

/** A picture of a camera of this machine, outside any call. */
export interface PreviewRenderer extends VideoRenderer {
  /** The camera shown, or to be shown; undefined while the browser chooses. */
  readonly videoDeviceInfo: VideoDeviceInfo | undefined;
  /**
   * Turns the camera on; resolves with its first picture.
   * @throws MediaDeviceError when the camera cannot be had.
   * @throws CallError `invalid_state` after `dispose()`.
   */
  start(): Promise<void>;
  /** Turns the camera off; `start()` turns it on again. */
  stop(): Promise<void>;
  /**
   * The present frame, not mirrored.
   * @throws CallError `invalid_state` while it is stopped.
   */
  takeSnapshot(): Promise<ImageBitmap>;
  /**
   * Shows another camera; a stopped preview stays stopped.
   * @throws TypeError for what is no device.
   * @throws MediaDeviceError when that camera cannot be had; the present one goes on.
   * @throws CallError `invalid_state` after `dispose()`.
   */
  switchDevice(device: VideoDeviceInfo): Promise<void>;
}
