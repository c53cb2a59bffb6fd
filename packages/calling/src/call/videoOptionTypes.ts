import type { CameraConstraints, ScreenCapture } from '../devices/captureTypes.ts';
import type { VideoEncodingOptions } from '../media/encodingTypes.ts';

/** How a camera is captured and sent. */
export interface VideoOptions extends VideoEncodingOptions {
  /** What every camera of the call is asked for from now on, beside the defaults. */
  readonly constraints?: CameraConstraints;
}

/** How a screen is captured and sent. */
export interface ScreenSharingOptions extends ScreenCapture, VideoEncodingOptions {}
