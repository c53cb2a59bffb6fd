/** What a camera is asked for, as W3C Media Capture has it. By default 1280×720 at 30 frames a second, each `ideal`. */
export type CameraConstraints = Pick<
  MediaTrackConstraints,
  'width' | 'height' | 'aspectRatio' | 'frameRate' | 'facingMode'
>;

/** What a microphone is asked for; the first three are on by default. */
export type MicrophoneConstraints = Pick<
  MediaTrackConstraints,
  'echoCancellation' | 'noiseSuppression' | 'autoGainControl' | 'channelCount' | 'sampleRate'
>;

/** What a shared screen is asked for. Browsers leave out what they do not know. */
export interface ScreenCapture {
  /** Asks for the sound of what is shared, too; what this page plays is left out of it, where the browser can. */
  readonly audio?: boolean;
  /** By default up to 30 frames a second, 15 where there is a choice. */
  readonly constraints?: Pick<MediaTrackConstraints, 'width' | 'height' | 'frameRate'>;
  /**
   * What goes first when there is not enough bandwidth: `detail`, as by default, and `text` keep sharpness, `motion` the
   * frame rate, for a film (W3C mst-content-hint).
   */
  readonly contentHint?: 'detail' | 'text' | 'motion';
  /**
   * Whether what this page plays is left out of the sound; true by default, since the others would hear themselves (W3C
   * Screen Capture).
   */
  readonly restrictOwnAudio?: boolean;
  /** Whether a tab that is shared with its sound is silent here meanwhile; false by default (W3C Screen Capture). */
  readonly suppressLocalAudioPlayback?: boolean;
}
