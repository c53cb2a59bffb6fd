import type { CollectionUpdate, Observable } from '../events.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import type {
  RemoteVideoRenderer,
  RenderOptions,
  ScalingMode,
  VideoRenderer,
} from '../rendering/renderingTypes.ts';

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
  mediaStreamChanged: [];
};

/** The camera or screen this page sends in a call. */
export interface LocalVideoStream extends Observable<LocalVideoStreamEvents> {
  /** What it shows. It does not change. */
  readonly type: MediaStreamType;
  /** The camera that feeds it; undefined for a shared screen. */
  readonly source: VideoDeviceInfo | undefined;
  /** The raw media, as it is sent; `mediaStreamChanged` tells of another one. */
  readonly mediaStream: MediaStream;
  /**
   * Shows the stream in this page, a camera mirrored as people know themselves.
   * @throws CallError `invalid_state` when the stream was stopped.
   */
  render(target: HTMLElement, scalingMode?: ScalingMode, options?: RenderOptions): Promise<VideoRenderer>;
  /**
   * Goes on with another camera; the others see no gap.
   * @throws MediaDeviceError when that camera cannot be had; the present one goes on.
   * @throws CallError `invalid_state` when the stream was stopped, or is a shared screen.
   */
  switchSource(device: VideoDeviceInfo): Promise<void>;
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
