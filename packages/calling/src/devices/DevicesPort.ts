/** What the SDK needs of the browser's devices; `browserDevices` is the real one. */
export interface DevicesPort {
  /** As of W3C Media Capture. */
  getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** As of W3C Screen Capture. */
  getDisplayMedia(options: DisplayMediaStreamOptions): Promise<MediaStream>;
  /** As of W3C Media Capture. */
  enumerateDevices(): Promise<readonly MediaDeviceInfo[]>;
  /** Tells the root mean square of the track's samples, 0 to 1, ten times a second until the returned function is called. */
  measure(track: MediaStreamTrack, onAmplitude: (amplitude: number) => void): () => void;
  /** Calls `listener` when a device has come or gone, until the returned function is called. */
  onDeviceChange(listener: () => void): () => void;
  /** Undefined where the browser does not say. */
  queryPermission(name: 'camera' | 'microphone'): Promise<PermissionStatus | undefined>;
}
