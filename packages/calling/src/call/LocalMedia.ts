import type { Action } from '@parley/protocol';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import type { LocalCapture } from '../devices/LocalCapture.ts';
import { deviceOf } from '../devices/deviceLists.ts';
import { MediaDeviceError, type MediaDeviceReplacement } from '../devices/MediaDeviceError.ts';
import type { CollectionUpdate } from '../events.ts';
import type { LocalVideoStreamImpl } from '../streams/LocalVideoStreamImpl.ts';
import type { LocalVideoStream } from '../streams/streamTypes.ts';
import type { CheckedCallOptions } from './callDependencies.ts';
import { LocalVideo } from './LocalVideo.ts';
import { Microphone } from './Microphone.ts';
import type { Publisher } from './Publisher.ts';

interface LocalMediaOptions {
  capture: LocalCapture;
  options: CheckedCallOptions;
  onMutedChanged: () => void;
  /** Somebody else has muted the microphone. */
  onMutedByOthers: () => void;
  onMicrophoneAvailableChanged: () => void;
  onScreenSharingChanged: () => void;
  onStreamsUpdated: (update: CollectionUpdate<LocalVideoStream>) => void;
  onReplaced: (replacement: MediaDeviceReplacement) => void;
  onFailed: (error: MediaDeviceError) => void;
}

/** What this page sends in one call. */
export class LocalMedia {
  readonly microphone: Microphone;
  readonly #camera: LocalVideo;
  readonly #screen: LocalVideo;
  readonly #closing = new AbortController();
  readonly #options: LocalMediaOptions;
  #publisher: Publisher | undefined;

  constructor(options: LocalMediaOptions) {
    const { capture, onStreamsUpdated, onScreenSharingChanged } = options;
    const { audioOptions, automatic } = options.options;
    const { replaceDevices } = automatic;
    this.#options = options;
    const tellReplaced =
      (device: MediaDeviceReplacement['device']) => (ended: MediaStreamTrack, next: MediaStreamTrack) =>
        options.onReplaced({ device, failed: deviceOf(ended), replacement: deviceOf(next) });
    this.microphone = new Microphone({
      muted: audioOptions?.muted ?? !automatic.openMicrophone,
      keepMuted: automatic.keepMutedMicrophone,
      replaceDevices,
      open: () => capture.microphone(),
      onMutedChanged: options.onMutedChanged,
      onAvailableChanged: options.onMicrophoneAvailableChanged,
      onReplaced: tellReplaced('microphone'),
      onFailed: options.onFailed,
    });
    const openCamera = (device: VideoDeviceInfo | undefined) => capture.camera(device?.id);
    const onStarted = (stream: LocalVideoStream): void => onStreamsUpdated({ added: [stream], removed: [] });
    const onStopped = (stream: LocalVideoStream): void => onStreamsUpdated({ added: [], removed: [stream] });
    this.#camera = new LocalVideo({
      device: 'camera',
      replaceDevices,
      openCamera,
      onStarted,
      onStopped,
      onReplaced: tellReplaced('camera'),
      onLost: (error) => options.onFailed(MediaDeviceError.of(error, 'camera')),
      onFailed: options.onFailed,
    });
    this.#screen = new LocalVideo({
      device: 'screen',
      replaceDevices: false,
      openCamera,
      onStarted: (stream) => {
        onStarted(stream);
        onScreenSharingChanged();
      },
      onStopped: (stream) => {
        onStopped(stream);
        onScreenSharingChanged();
      },
      onReplaced: () => {},
      // The person's own "Stop sharing" is no failure.
      onLost: () => {},
      onFailed: options.onFailed,
    });
  }

  get streams(): readonly LocalVideoStream[] {
    return [this.#camera.stream, this.#screen.stream].flatMap((stream) => stream ?? []);
  }

  get isScreenSharingOn(): boolean {
    return this.#screen.stream !== undefined;
  }

  /** Opens what the call begins with; a device that cannot be had is told and left out. */
  begin(): void {
    const { capture, options } = this.#options;
    const { camera: wanted = false } = options.videoOptions ?? {};
    const { openMicrophone, keepMutedMicrophone } = options.automatic;
    const isHeard = !this.microphone.isMuted || (openMicrophone && keepMutedMicrophone);
    const camera = wanted === true || wanted === false ? undefined : wanted;
    if (wanted === false) {
      void this.microphone.start(isHeard ? capture.microphone() : undefined);
    } else if (isHeard) {
      const opening = capture.microphoneAndCamera(camera?.id, this.#closing.signal);
      void this.microphone.start(opening.microphone);
      void this.#camera.begin(opening.camera, camera);
    } else {
      void this.microphone.start(undefined);
      void this.#camera.begin(capture.camera(camera?.id), camera);
    }
  }

  /** The call is entered: sends what is allowed and turns the rest off. */
  attach(publisher: Publisher, may: (action: Action) => boolean): void {
    this.#publisher = publisher;
    this.follow(may);
  }

  /** Something else may be allowed than before. What is allowed again is not turned on by itself. */
  follow(may: (action: Action) => boolean): void {
    const publisher = this.#publisher;
    if (publisher === undefined) {
      return;
    }
    if (!may('sendAudio')) {
      this.microphone.turnOff();
    }
    void this.microphone.attach(publisher);
    for (const [video, action] of [
      [this.#camera, 'sendVideo'],
      [this.#screen, 'shareScreen'],
    ] as const) {
      if (may(action)) {
        void video.attach(publisher);
      } else {
        video.forbid();
      }
    }
  }

  /** The server has paused a stream of this page. Only a microphone is ever paused. */
  pausedByServer(producerId: string): void {
    const { isMuted } = this.microphone;
    this.microphone.pausedByServer(producerId);
    if (isMuted !== this.microphone.isMuted) {
      this.#options.onMutedByOthers();
    }
  }

  /** The server has ended a stream of this page, whose device is turned off. */
  endedByServer(producerId: string): void {
    this.microphone.endedByServer(producerId);
    this.#camera.endedByServer(producerId);
    this.#screen.endedByServer(producerId);
  }

  startVideo(camera: VideoDeviceInfo | undefined): Promise<LocalVideoStreamImpl> {
    return this.#camera.start(() => this.#options.capture.camera(camera?.id), camera);
  }

  stopVideo(): Promise<void> {
    return this.#camera.stop();
  }

  async startScreenSharing(audio: boolean): Promise<void> {
    await this.#screen.start(() => this.#options.capture.screen(audio));
  }

  stopScreenSharing(): Promise<void> {
    return this.#screen.stop();
  }

  async switchMicrophone(microphoneId?: string): Promise<void> {
    await this.microphone.switchTo(() => this.#options.capture.microphone(microphoneId));
  }

  setVisible(isVisible: boolean): void {
    if (this.#options.options.automatic.reopenDevices) {
      void this.microphone.setVisible(isVisible);
      void this.#camera.setVisible(isVisible);
    }
  }

  /** Turns every device off. Idempotent. */
  close(): void {
    this.#closing.abort();
    this.microphone.close();
    this.#camera.close();
    this.#screen.close();
  }
}
