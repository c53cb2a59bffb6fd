import type { Action } from '@parley/protocol';
import type { CameraConstraints } from '../devices/captureTypes.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import type { LocalCapture } from '../devices/LocalCapture.ts';
import { deviceOf } from '../devices/deviceLists.ts';
import { MediaDeviceError, type MediaDeviceReplacement } from '../devices/MediaDeviceError.ts';
import type { CollectionUpdate } from '../events.ts';
import { assertEncoding } from '../media/sendProfile.ts';
import { isTrack, toMediaStream, type CustomSource } from '../streams/customSource.ts';
import { LocalVideoStreamImpl } from '../streams/LocalVideoStreamImpl.ts';
import type { LocalVideoStream } from '../streams/streamTypes.ts';
import type { CheckedCallOptions } from './callDependencies.ts';
import type { ScreenSharingOptions, VideoOptions } from './videoOptionTypes.ts';
import { LocalVideo, type VideoStart } from './LocalVideo.ts';
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
  onAudioProcessorChanged: () => void;
  onAudioProcessorFailed: (error: unknown) => void;
}

/** What `startVideo()` and `startScreenSharing()` take in place of a device. */
type VideoSource = CustomSource | LocalVideoStream;

type FirstVideo = NonNullable<CheckedCallOptions['videoOptions']>;

/** What this page sends in one call. */
export class LocalMedia {
  readonly microphone: Microphone;
  readonly #openCamera: VideoStart['open'];
  readonly #camera: LocalVideo;
  readonly #screen: LocalVideo;
  readonly #closing = new AbortController();
  readonly #options: LocalMediaOptions;
  #publisher: Publisher | undefined;
  /** In place of the microphone. */
  #audioSource: MediaStreamTrack | undefined;
  readonly #ofApplication = new WeakSet<MediaStreamTrack>();
  /** What the call begins with. */
  readonly #first: LocalVideoStreamImpl | undefined;
  /** What every camera of this call is asked for. */
  #cameraConstraints: CameraConstraints | undefined;

  constructor(options: LocalMediaOptions) {
    const { capture, onStreamsUpdated, onScreenSharingChanged } = options;
    const { audioOptions, videoOptions, automatic } = options.options;
    const { replaceDevices, sendUnprocessed } = automatic;
    this.#options = options;
    assertEncoding(videoOptions ?? {});
    this.#first = firstVideo(videoOptions);
    this.#setAudioSource(audioOptions?.source);
    this.#cameraConstraints = videoOptions?.constraints;
    const tellReplaced =
      (device: MediaDeviceReplacement['device']) => (ended: MediaStreamTrack, next: MediaStreamTrack) =>
        options.onReplaced({ device, failed: deviceOf(ended), replacement: deviceOf(next) });
    this.microphone = new Microphone({
      muted: audioOptions?.muted ?? !automatic.openMicrophone,
      keepMuted: automatic.keepMutedMicrophone,
      sendUnprocessed,
      replaceDevices,
      open: () => this.#openMicrophone(),
      isOfApplication: (track) => this.#ofApplication.has(track),
      processing: {
        onChanged: options.onAudioProcessorChanged,
        onFailed: options.onAudioProcessorFailed,
        onFrameRateLow: () => {},
      },
      onMutedChanged: options.onMutedChanged,
      onAvailableChanged: options.onMicrophoneAvailableChanged,
      onReplaced: tellReplaced('microphone'),
      onFailed: options.onFailed,
    });
    const openCamera = (device: VideoDeviceInfo | undefined) =>
      capture.camera(device?.id, this.#cameraConstraints);
    this.#openCamera = openCamera;
    const onStarted = (stream: LocalVideoStream): void => onStreamsUpdated({ added: [stream], removed: [] });
    const onStopped = (stream: LocalVideoStream): void => onStreamsUpdated({ added: [], removed: [stream] });
    this.#camera = new LocalVideo({
      device: 'camera',
      replaceDevices,
      sendUnprocessed,
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
      sendUnprocessed,
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
    const { openMicrophone, keepMutedMicrophone } = options.automatic;
    const isHeard = !this.microphone.isMuted || (openMicrophone && keepMutedMicrophone);
    const stream = this.#first;
    const start = stream && { stream, encoding: options.videoOptions, open: this.#openCamera };
    if (start?.stream.life === 'once' && isHeard && this.#audioSource === undefined) {
      const opening = capture.microphoneAndCamera(
        start.stream.source?.id,
        this.#closing.signal,
        options.audioOptions?.constraints,
        this.#cameraConstraints,
      );
      // The question to the person may be answered before anybody comes to look at the answer.
      opening.camera.catch(() => {});
      void this.microphone.start(opening.microphone);
      void this.#camera.begin({ ...start, open: () => opening.camera });

      return;
    }
    void this.microphone.start(isHeard ? this.#openMicrophone() : undefined);
    if (start !== undefined) {
      void this.#camera.begin(start);
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

  /** @throws TypeError for what cannot be sent. */
  async startVideo(
    source: VideoDeviceInfo | VideoSource | undefined,
    options: VideoOptions,
  ): Promise<LocalVideoStream> {
    assertEncoding(options);
    const { constraints, ...own } = options;
    const stream = streamOf(source);
    const encoding = { ...this.#options.options.videoOptions, ...own };
    this.#cameraConstraints = constraints ?? this.#cameraConstraints;

    return this.#camera.start({ stream, encoding, open: this.#openCamera });
  }

  stopVideo(): Promise<void> {
    return this.#camera.stop();
  }

  /** @throws TypeError for what cannot be sent. */
  async startScreenSharing(source: VideoSource | undefined, options: ScreenSharingOptions): Promise<void> {
    assertEncoding(options);
    const stream = streamOf(source);
    if (stream.life === 'once' && stream.source !== undefined) {
      throw new TypeError('A camera is no screen: startVideo() sends it.');
    }
    const open = (): Promise<MediaStream> => this.#options.capture.screen(options);
    await this.#screen.start({ stream, encoding: options, open });
  }

  stopScreenSharing(): Promise<void> {
    return this.#screen.stop();
  }

  /** @throws TypeError for what has no sound. */
  async setAudioSource(source: CustomSource | undefined): Promise<void> {
    const before = this.#audioSource;
    this.#setAudioSource(source);
    const wanted = this.#audioSource;
    try {
      await this.microphone.switchTo(() => this.#openMicrophone());
    } catch (error) {
      // The present sound goes on, unless something else was chosen meanwhile.
      if (this.#audioSource === wanted) {
        this.#audioSource = before;
      }
      throw error;
    }
  }

  async switchMicrophone(microphoneId: string): Promise<void> {
    if (this.#audioSource === undefined) {
      await this.microphone.switchTo(() => this.#openDevice(microphoneId));
    }
  }

  /** Changes over to the one that calls begin with, where it was unplugged or, given a name, has another. */
  async followMicrophone(name: string | undefined): Promise<void> {
    if (this.#audioSource === undefined && this.microphone.isOther(name)) {
      await this.microphone.switchTo(() => this.#openDevice());
    }
  }

  #setAudioSource(source: CustomSource | undefined): void {
    const track = source === undefined ? undefined : soundOf(source);
    this.#audioSource = track;
    if (track !== undefined) {
      this.#ofApplication.add(track);
    }
  }

  async #openMicrophone(): Promise<MediaStreamTrack> {
    return this.#audioSource ?? this.#openDevice();
  }

  #openDevice(microphoneId?: string): Promise<MediaStreamTrack> {
    const { capture, options } = this.#options;

    return capture.microphone(microphoneId, options.audioOptions?.constraints);
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

function soundOf(source: CustomSource): MediaStreamTrack {
  const [track] = isTrack(source) ? [source] : (toMediaStream(source)?.getAudioTracks() ?? []);
  if (track?.kind !== 'audio') {
    throw new TypeError('A track of sound is wanted, or a MediaStream with one.');
  }

  return track;
}

/** The application's own, or one for this call. @throws TypeError for what is no picture. */
function streamOf(source: VideoDeviceInfo | VideoSource | undefined): LocalVideoStreamImpl {
  return source instanceof LocalVideoStreamImpl
    ? source
    : new LocalVideoStreamImpl(source as VideoDeviceInfo | CustomSource | undefined, 'once');
}

/** @throws TypeError for what is none. */
function firstVideo({ camera = false, localVideoStreams = [] }: FirstVideo = {}):
  LocalVideoStreamImpl | undefined {
  if (!localVideoStreams.every((stream) => stream instanceof LocalVideoStreamImpl)) {
    throw new TypeError('A LocalVideoStream is wanted.');
  }
  const [given] = localVideoStreams;

  return given ?? (camera === false ? undefined : streamOf(camera === true ? undefined : camera));
}
