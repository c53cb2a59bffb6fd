import type { Observable } from '../events.ts';

/**
 * How a picture fills its target: `Crop` keeps the proportions and fills the target, `Fit` keeps them and shows
 * everything, `Stretch` fills without keeping them.
 */
export type ScalingMode = 'Stretch' | 'Crop' | 'Fit';

/** How a picture is shown; each option may be left out. */
export interface RenderOptions {
  /** Gives up waiting for the first frame; `render` rejects with the signal's reason and the page is as before. */
  readonly signal?: AbortSignal;
  /** As in a mirror: by default a camera of this page is, the way people know themselves, and nothing else. */
  readonly isMirrored?: boolean;
}

export type VideoRendererEvents = {
  isRenderingChanged: [];
  scalingModeChanged: [];
  /** Of a preview only, which shows another camera, or is to. */
  videoDeviceInfoChanged: [];
};

/** One picture of a stream in one element of the page. */
export interface VideoRenderer extends Observable<VideoRendererEvents> {
  /** True from the first frame until `dispose()`, except while it is paused. */
  readonly isRendering: boolean;
  /** How the picture fills its target; `setScalingMode` changes it. */
  readonly scalingMode: ScalingMode;
  /** The element given to `render`; the SDK puts one `<video>` into it and takes it out again. */
  readonly target: HTMLElement;
  /** @throws TypeError for anything but a scaling mode. */
  setScalingMode(scalingMode: ScalingMode): void;
  /** Removes the picture from the page. May be called more than once. */
  dispose(): void;
}

/** A picture of a stream that somebody else sends. */
export interface RemoteVideoRenderer extends VideoRenderer {
  /**
   * Freezes the picture. When every renderer of the stream is paused the server stops sending it.
   * @throws CallError `invalid_state` after `dispose()`.
   */
  pause(): Promise<void>;
  /** Goes on after `pause()`. @throws CallError `invalid_state` after `dispose()`. */
  resume(): Promise<void>;
}
