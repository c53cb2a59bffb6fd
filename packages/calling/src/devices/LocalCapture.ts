import type { Disposable } from '@parley/kit';
import type { CaptureListener } from '../features/callFeatureTypes.ts';
import type { CameraConstraints, MicrophoneConstraints, ScreenCapture } from './captureTypes.ts';
import type { DevicesPort } from './DevicesPort.ts';
import { MediaDeviceError, type LocalDevice } from './MediaDeviceError.ts';

/** What the selected devices are, and who wants to know that a device was opened. */
export interface CaptureOptions {
  devices: DevicesPort;
  /** Opens another where the selected one is not there. */
  replaceDevices: boolean;
  microphoneId: () => string | undefined;
  cameraId: () => string | undefined;
  /** A microphone or camera was opened, by the id that was asked for or, without one, as selected. */
  onOpened: (track: MediaStreamTrack, deviceId: string | undefined) => void;
}

/** What is opened together; a failure is told of the first. */
type Captured = readonly [LocalDevice, ...LocalDevice[]];

interface Opening {
  microphone: Promise<MediaStreamTrack>;
  camera: Promise<MediaStream>;
}

/** Opens microphones, cameras and screens. Every rejection is a `MediaDeviceError`. */
export class LocalCapture {
  readonly #options: CaptureOptions;
  readonly #listeners = new Set<CaptureListener>();
  #preheated: Partial<Opening> = {};

  constructor(options: CaptureOptions) {
    this.#options = options;
  }

  get devices(): DevicesPort {
    return this.#options.devices;
  }

  /** Calls `listener` with each try to open devices until the returned function is called. */
  watch(listener: CaptureListener): Disposable {
    this.#listeners.add(listener);

    return () => this.#listeners.delete(listener);
  }

  /** @param deviceId Without it the selected one or, where that was unplugged, the browser's choice. */
  async microphone(deviceId?: string, constraints?: MicrophoneConstraints): Promise<MediaStreamTrack> {
    const preheated = this.#preheated.microphone;
    delete this.#preheated.microphone;
    const track = await preheated?.catch(() => {});
    if (
      track !== undefined &&
      constraints === undefined &&
      isUsable(track, deviceId ?? this.#options.microphoneId())
    ) {
      return track;
    }
    track?.stop();

    return this.openMicrophone(deviceId, constraints);
  }

  /** One that nobody has preheated. */
  async openMicrophone(deviceId?: string, constraints?: MicrophoneConstraints): Promise<MediaStreamTrack> {
    const open = (id: string | undefined) =>
      this.#open(['microphone'], { audio: microphoneConstraints(id, constraints) });

    return this.#microphoneOf(await this.#selected(deviceId, this.#options.microphoneId, open), deviceId);
  }

  /** @param deviceId As above. */
  async camera(deviceId?: string, constraints?: CameraConstraints): Promise<MediaStream> {
    const preheated = this.#preheated.camera;
    delete this.#preheated.camera;
    const stream = await preheated?.catch(() => {});
    if (
      constraints === undefined &&
      stream?.getVideoTracks().every((track) => isUsable(track, deviceId ?? this.#options.cameraId()))
    ) {
      return stream;
    }
    stopTracks(stream);

    return this.#openCamera(deviceId, constraints);
  }

  /** Opens both for whoever wants them next. Never rejects. */
  async preheat(): Promise<void> {
    const { microphone, camera } = this.#preheated;
    if (microphone === undefined && camera === undefined) {
      this.#preheated = this.microphoneAndCamera();
    }
    await Promise.allSettled([this.#preheated.microphone, this.#preheated.camera]);
  }

  /** Turns off what nobody has taken. */
  cool(): void {
    const { microphone, camera } = this.#preheated;
    this.#preheated = {};
    microphone?.then((track) => track.stop()).catch(() => {});
    camera?.then(stopTracks).catch(() => {});
  }

  async #openCamera(deviceId?: string, constraints?: CameraConstraints): Promise<MediaStream> {
    const open = (id: string | undefined) =>
      this.#open(['camera'], { video: cameraConstraints(id, constraints) });

    return this.#opened(await this.#selected(deviceId, this.#options.cameraId, open), deviceId);
  }

  /**
   * Both with one question to the person; where one of them fails, the other is opened alone.
   *
   * @param signal Nobody is asked for anything more once it is aborted.
   */
  microphoneAndCamera(
    cameraId?: string,
    signal?: AbortSignal,
    audio?: MicrophoneConstraints,
    video?: CameraConstraints,
  ): Opening {
    if (this.#preheated.microphone !== undefined || this.#preheated.camera !== undefined) {
      return { microphone: this.microphone(undefined, audio), camera: this.camera(cameraId, video) };
    }
    const both = this.#open(['camera', 'microphone'], {
      audio: microphoneConstraints(this.#options.microphoneId(), audio),
      video: cameraConstraints(cameraId ?? this.#options.cameraId(), video),
    });

    const microphone = both.then((stream) => this.#microphoneOf(stream));

    return {
      microphone: microphone.catch(async (error: unknown) => {
        await this.#assertMayAsk('microphone', error, signal);

        return this.openMicrophone(undefined, audio);
      }),
      // The camera's stream is handed out once the microphone has been taken out of it.
      camera: microphone.then(
        async () => this.#opened(await both, cameraId),
        async (error: unknown) => {
          await this.#assertMayAsk('camera', error, signal);

          return this.#openCamera(cameraId, video);
        },
      ),
    };
  }

  screen({
    audio = false,
    constraints,
    contentHint = 'detail',
    ...sound
  }: ScreenCapture): Promise<MediaStream> {
    return this.#capture(['screen'], async () => {
      const stream = await this.#options.devices.getDisplayMedia({
        video: { frameRate: { ideal: 15, max: 30 }, ...constraints },
        audio: audio && screenAudioConstraints(sound),
      });
      for (const track of stream.getVideoTracks()) {
        // Under pressure frames go first and sharpness last (W3C mst-content-hint).
        track.contentHint = contentHint;
      }

      return stream;
    });
  }

  #microphoneOf(stream: MediaStream, deviceId?: string): MediaStreamTrack {
    const track = microphoneOf(stream);
    this.#options.onOpened(track, deviceId);

    return track;
  }

  #opened(stream: MediaStream, deviceId: string | undefined): MediaStream {
    for (const track of stream.getVideoTracks()) {
      this.#options.onOpened(track, deviceId);
    }

    return stream;
  }

  /** Who has said no to both is not asked for each of them. */
  async #assertMayAsk(device: 'microphone' | 'camera', error: unknown, signal?: AbortSignal): Promise<void> {
    const permission = await this.#options.devices.queryPermission(device);
    if (signal?.aborted === true || permission?.state === 'denied') {
      const { code } = MediaDeviceError.of(error, device);
      throw new MediaDeviceError(code, device, { cause: error });
    }
  }

  /** A device that was selected once and has been unplugged since must not mean that there is none at all. */
  async #selected(
    deviceId: string | undefined,
    selectedId: () => string | undefined,
    open: (deviceId: string | undefined) => Promise<MediaStream>,
  ): Promise<MediaStream> {
    const id = deviceId ?? selectedId();
    try {
      return await open(id);
    } catch (error) {
      const isMissing = error instanceof MediaDeviceError && error.code === 'device_not_found';
      if (this.#options.replaceDevices && isMissing && deviceId === undefined && id !== undefined) {
        return open(undefined);
      }
      throw error;
    }
  }

  #open(devices: Captured, constraints: MediaStreamConstraints): Promise<MediaStream> {
    return this.#capture(devices, () => this.#options.devices.getUserMedia(constraints));
  }

  #capture(devices: Captured, open: () => Promise<MediaStream>): Promise<MediaStream> {
    const opening = open().catch((error: unknown) => {
      throw MediaDeviceError.of(error, devices[0]);
    });
    this.#listeners.forEach((listener) => listener(devices, opening));

    return opening;
  }
}

function microphoneOf(stream: MediaStream): MediaStreamTrack {
  const [track] = stream.getAudioTracks();
  if (track === undefined) {
    stopTracks(stream);
    throw new MediaDeviceError('failed', 'microphone');
  }
  stream.removeTrack(track);

  return track;
}

function microphoneConstraints(
  deviceId: string | undefined,
  constraints?: MicrophoneConstraints,
): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...constraints,
    ...exactly(deviceId),
  };
}

function cameraConstraints(
  deviceId: string | undefined,
  constraints?: CameraConstraints,
): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30 },
    ...constraints,
    ...exactly(deviceId),
  };
}

/** Without names the browser gives every device an empty id: its own choice then. */
function exactly(deviceId: string | undefined): MediaTrackConstraints {
  return deviceId === undefined || deviceId === '' ? {} : { deviceId: { exact: deviceId } };
}

/**
 * Without these the others would hear themselves: the page's own sound is part of what a screen sounds like.
 * `restrictOwnAudio` and `suppressLocalAudioPlayback` (W3C Screen Capture) are newer than the DOM library.
 */
function screenAudioConstraints({
  restrictOwnAudio = true,
  suppressLocalAudioPlayback = false,
}: ScreenCapture): MediaTrackConstraints {
  const own = { restrictOwnAudio, suppressLocalAudioPlayback };

  return { echoCancellation: true, noiseSuppression: false, autoGainControl: false, ...own };
}

/** Whether a device that was opened early is still there, and the one that is wanted now. */
function isUsable(track: MediaStreamTrack, deviceId: string | undefined): boolean {
  return track.readyState === 'live' && (deviceId === undefined || track.getSettings().deviceId === deviceId);
}

/** Turns the devices behind a stream off. */
export function stopTracks(stream: MediaStream | undefined | void): void {
  for (const track of stream?.getTracks() ?? []) {
    track.stop();
  }
}
