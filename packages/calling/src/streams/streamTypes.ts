import type { CollectionUpdate, Observable } from '../events.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import type {
  RemoteVideoRenderer,
  RenderOptions,
  ScalingMode,
  VideoRenderer,
} from '../rendering/renderingTypes.ts';
import type { VideoProcessor } from './processorTypes.ts';

/** What a video stream shows: a camera, or a shared screen. */
export type MediaStreamType = 'Video' | 'ScreenSharing';

export type RemoteVideoStreamEvents = {
  isAvailableChanged: [];
  /** The same as `isAvailableChanged`. */
  availabilityChanged: [];
  activeRenderersUpdated: [CollectionUpdate<RemoteVideoRenderer>];
  /** The same as `activeRenderersUpdated`. */
  activeRenderersChanged: [CollectionUpdate<RemoteVideoRenderer>];
  mediaStreamChanged: [];
  /** Right after the `mediaStreamChanged` by which it begins or ends. */
  isReceivingChanged: [];
  sizeChanged: [];
};

/**
 * A camera or screen that a remote participant sends. Nothing of it is received until it is rendered, and
 * again nothing after its last renderer is disposed.
 */
export interface RemoteVideoStream extends Observable<RemoteVideoStreamEvents> {
  /** Names the stream within its call. */
  readonly id: string;
  /** What it shows. It does not change. */
  readonly type: MediaStreamType;
  /** The same as `type`. */
  readonly mediaStreamType: MediaStreamType;
  /** Whether there is something to see: its sender sends it. False for good once the stream has gone. */
  readonly isAvailable: boolean;
  /** Where it is shown: every renderer that has not been disposed. */
  readonly activeRenderers: readonly RemoteVideoRenderer[];
  /**
   * The raw media; undefined while nothing is received: before it is rendered, and after ten seconds out of sight. While
   * the call changes over to other transports it is the one before, frozen, for two seconds at most. `mediaStreamChanged`
   * tells of each.
   */
  readonly mediaStream: MediaStream | undefined;
  /** Whether there is a `mediaStream`. */
  readonly isReceiving: boolean;
  /**
   * Of what is received, in pixels, which follows the size it is shown in and the network; undefined while no renderer
   * shows it.
   */
  readonly size: { readonly width: number; readonly height: number } | undefined;
  /**
   * `mediaStream`, once it is received: as large as it is sent, and until `signal` is aborted or the stream goes away,
   * whether it is rendered or not. Look at `mediaStreamChanged` afterwards: another one takes its place after a reconnect.
   *
   * @example
   * const recording = new AbortController();
   * const media = await stream.getMediaStream({ signal: recording.signal });
   * // ... and when it is enough:
   * recording.abort();
   * @throws CallError `not_found` when the stream goes away; `not_supported` when it is of a codec that this browser does
   * not know. The reason of `signal` when it is aborted before.
   */
  getMediaStream(options?: { readonly signal?: AbortSignal }): Promise<MediaStream>;
  /**
   * The present frame, as large as it is sent; it is received for that, where it is not rendered.
   *
   * @example
   * const bitmap = await stream.takeSnapshot();
   * canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
   * @throws CallError `not_found` when the stream goes away before.
   */
  takeSnapshot(): Promise<ImageBitmap>;
  /**
   * Shows the stream inside `target` and resolves with the first decoded frame. Where the server has no room for
   * another picture at the moment, it goes on trying.
   *
   * What is forwarded follows what a person sees of it: the size of `target` decides the layer, and while no renderer
   * of the stream is on the screen nothing of it is received.
   *
   * @example
   * const renderer = await participant.videoStreams[0].render(document.querySelector('#alice'), 'Fit');
   * @throws TypeError when `target` is no element or `scalingMode` none of the three.
   * @throws CallError `not_found` when the stream goes away before its first frame; `not_supported` when it is of a
   * codec that this browser does not know.
   */
  render(
    target: HTMLElement,
    scalingMode?: ScalingMode,
    options?: RenderOptions,
  ): Promise<RemoteVideoRenderer>;
}

export type LocalVideoStreamEvents = {
  /** Another device feeds the stream now. */
  sourceChanged: [];
  /** The same as `sourceChanged`. */
  videoSourceChanged: [];
  /** `LocalVideoStream.mediaStream` is another one. */
  mediaStreamChanged: [];
  /** It is sent, perhaps in another codec than before, or not any more. */
  codecChanged: [];
  processorChanged: [];
  /** The processor has thrown this, or has failed with it later, and is out: the picture is sent as it is. */
  processorFailed: [unknown];
  /** The processor does not keep up: so many frames a second come out of it. */
  processorFrameRateLow: [number];
};

/**
 * The camera or screen this page sends in a call, or what the application gives in its place.
 *
 * @example
 * const drawing = new LocalVideoStream(canvas.captureStream(15));
 * await call.startVideo(drawing);
 */
export interface LocalVideoStream extends Observable<LocalVideoStreamEvents> {
  /** One that the application has made is a `Video` until it is shared as a screen. */
  readonly type: MediaStreamType;
  /** The same as `type`. */
  readonly mediaStreamType: MediaStreamType;
  /** The camera that feeds it; undefined for a shared screen, and for what the application gives. */
  readonly source: VideoDeviceInfo | undefined;
  /** What is sent, by a processor if there is one. Without tracks while no camera is open for it yet. */
  readonly mediaStream: MediaStream;
  /** What it is sent in, such as `VP8`; undefined while it is not sent. */
  readonly codec: string | undefined;
  /** What changes the picture before it is sent; undefined without, and after it has failed. */
  readonly processor: VideoProcessor | undefined;
  /**
   * `mediaStream`, once there is one: opens the camera of a stream that the application has made and no call sends yet.
   * @throws MediaDeviceError when the camera cannot be had.
   * @throws CallError `invalid_state` when the stream was stopped.
   */
  getMediaStream(): Promise<MediaStream>;
  /**
   * Goes on with what the application has made or opened itself, which is never stopped here; the camera before is turned
   * off. A stream whose track ends is stopped. Only the picture of a shared screen is changed, not its sound.
   * @throws TypeError for what is no MediaStream, or has no picture.
   * @throws CallError `invalid_state` when the stream was stopped.
   */
  setMediaStream(mediaStream: MediaStream): Promise<void>;
  /**
   * Has the picture changed before it is sent and shown, through every change of camera, on hold and after a reconnect;
   * without one, sends it as it is. One that fails is taken out, which `processorFailed` tells, and the picture is sent as it is,
   * or not any more where `automatic.sendUnprocessed` is off.
   * @throws TypeError for what is none of pictures.
   * @throws CallError `not_supported` when it cannot work in this browser, `invalid_state` when the stream was stopped.
   */
  setProcessor(processor: VideoProcessor | undefined): Promise<void>;
  /**
   * The present frame as it is sent, not mirrored.
   * @throws CallError `invalid_state` when the stream was stopped.
   */
  takeSnapshot(): Promise<ImageBitmap>;
  /**
   * Shows the stream in this page, a camera mirrored as people know themselves.
   * @throws MediaDeviceError when the camera of a stream that no call sends cannot be had.
   * @throws CallError `invalid_state` when the stream was stopped.
   */
  render(target: HTMLElement, scalingMode?: ScalingMode, options?: RenderOptions): Promise<VideoRenderer>;
  /**
   * Goes on with another camera; the others see no gap, unless the device can have one camera on at a time, as many
   * telephones.
   * @throws TypeError for what is no device.
   * @throws MediaDeviceError when that camera cannot be had; the present one goes on.
   * @throws CallError `invalid_state` when the stream was stopped, or is a shared screen.
   */
  switchSource(device: VideoDeviceInfo): Promise<void>;
  /**
   * Turns off what was opened for a stream that the application has made, for good. May be called more than once.
   * @throws CallError `invalid_state` while a call sends it.
   */
  dispose(): void;
}

/** Makes a `LocalVideoStream` of a camera, which is opened when it is needed, or of what the application has itself. */
export interface LocalVideoStreamConstructor {
  /** @throws TypeError for anything else, and for sound without a picture. */
  new (source: VideoDeviceInfo | MediaStream | MediaStreamTrack): LocalVideoStream;
}

/** Sound that a remote participant sends; the SDK plays it by itself. */
export interface RemoteAudioStream {
  /** Names the stream within its call. */
  readonly id: string;
  /** `Microphone`, or the sound of a shared screen. */
  readonly type: 'Microphone' | 'ScreenSharing';
  /**
   * The raw media, for a level meter or a recorder. In a large call it is a slot's, and the participant's for as long
   * as it is in `RemoteParticipant.audioStreams`.
   */
  readonly mediaStream: MediaStream;
}
