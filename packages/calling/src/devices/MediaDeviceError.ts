import type { VideoDeviceInfo } from './deviceTypes.ts';

/** What a page captures. */
export type LocalDevice = 'microphone' | 'camera' | 'screen';

/**
 * Why a device could not be had. `permission_denied`: the person, the page's policy or the system said no;
 * `device_not_found`: there is none, or it was unplugged; `device_busy`: another application holds it.
 */
export type MediaDeviceFailure = 'permission_denied' | 'device_not_found' | 'device_busy' | 'failed';

/** A microphone or camera that has stopped by itself, and the one that a call goes on with. */
export interface MediaDeviceReplacement {
  /** Which of the two kinds it is. */
  readonly device: 'microphone' | 'camera';
  /** The one that has stopped. */
  readonly failed: VideoDeviceInfo;
  /** The one in use from now on. */
  readonly replacement: VideoDeviceInfo;
}

/** A microphone, camera or screen that could not be captured, or that has stopped by itself. */
export class MediaDeviceError extends Error {
  /** Tells it from other errors where `instanceof` cannot, as between two copies of the SDK. */
  override readonly name = 'MediaDeviceError';
  /** Why it could not be had, to decide by. */
  readonly code: MediaDeviceFailure;
  /** What could not be had. */
  readonly device: LocalDevice;

  constructor(code: MediaDeviceFailure, device: LocalDevice, options?: { cause?: unknown }) {
    super(sentences[code](device), options);
    this.code = code;
    this.device = device;
  }

  /** Names by the W3C Media Capture specification, and those that older browsers use for the same. */
  static of(error: unknown, device: LocalDevice): MediaDeviceError {
    if (error instanceof MediaDeviceError) {
      return error;
    }
    // By its shape: in some browsers an OverconstrainedError is no Error.
    const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';

    return new MediaDeviceError(failureOfName[name] ?? 'failed', device, { cause: error });
  }
}

const failureOfName: Readonly<Record<string, MediaDeviceFailure>> = {
  NotAllowedError: 'permission_denied',
  SecurityError: 'permission_denied',
  PermissionDeniedError: 'permission_denied',
  NotFoundError: 'device_not_found',
  DevicesNotFoundError: 'device_not_found',
  OverconstrainedError: 'device_not_found',
  NotReadableError: 'device_busy',
  TrackStartError: 'device_busy',
  AbortError: 'device_busy',
};

const sentences: Readonly<Record<MediaDeviceFailure, (device: LocalDevice) => string>> = {
  permission_denied: (device) => `Access to the ${device} was not granted.`,
  device_not_found: (device) => `There is no such ${device}.`,
  device_busy: (device) => `The ${device} is in use elsewhere.`,
  failed: (device) => `The ${device} could not be started.`,
};
