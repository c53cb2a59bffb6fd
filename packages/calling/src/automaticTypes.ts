/**
 * What the SDK does by itself in a call, each unless it is `false`; docs/automatic-behaviours.md says why, and what an
 * application does in its place.
 */
export interface AutomaticCallBehaviours {
  /** Opens the microphone as the call begins. Off, a call begins muted, and `unmute()` opens it. */
  readonly openMicrophone?: boolean;
  /** Leaves the microphone open, and silent, while it is muted. Off, `mute()` turns the device off. */
  readonly keepMutedMicrophone?: boolean;
  /** Takes back, when the page is seen again, a microphone or camera that the system took while it was hidden. */
  readonly reopenDevices?: boolean;
  /** Restarts ICE when the path of the media is lost. Off, a path that has failed ends the call with `media_failed`. */
  readonly restartIce?: boolean;
  /** Receives a picture only while it is rendered. Off, every picture is received from its beginning on. */
  readonly receiveOnRender?: boolean;
  /** Pauses pictures that nobody can see: scrolled away, or on a page in the background. */
  readonly pauseHidden?: boolean;
  /** Receives pictures in the resolution that suits the element they are shown in. Off, in the highest. */
  readonly fitToView?: boolean;
  /** Stops encoding the layers of a camera that nobody receives. */
  readonly suspendLayers?: boolean;
  /** Sends the plain picture or sound when a processor fails. Off, the video is stopped, and the microphone muted. */
  readonly sendUnprocessed?: boolean;
  /** Holds `sendData()` to the rate that the server takes. Off, messages beyond it are lost on the way. */
  readonly paceData?: boolean;
}

/** What the SDK does by itself, each unless it is `false`. */
export interface AutomaticBehaviours extends AutomaticCallBehaviours {
  /** Replaces a token before it runs out. Off, when the server says that it has run out. */
  readonly refreshProactively?: boolean;
  /** Makes a lost connection again and comes back to the calls. Off, they end with `connection_lost`. */
  readonly reconnect?: boolean;
  /** Makes use of the browser's word that the network has changed, without waiting for what was used to fail. */
  readonly followNetwork?: boolean;
  /** Hangs up when the page is closed or left. Off, the others see `Reconnecting` until the place is given up. */
  readonly leaveWithPage?: boolean;
  /**
   * Chooses the camera, microphone and speaker of the last visit again. Their ids are kept in `localStorage` under
   * `parley.devices`, where the browser allows it.
   */
  readonly rememberDevices?: boolean;
  /** Changes over when the chosen microphone or speaker comes back, or the system's choice becomes another. */
  readonly followDevices?: boolean;
  /** Opens another microphone or camera in place of one that is unplugged. Off, that is told by `mediaDeviceFailed`. */
  readonly replaceDevices?: boolean;
  /** Plays what is heard. Off, the application plays `RemoteParticipant.audioStreams`. */
  readonly playAudio?: boolean;
  /** Begins with the next touch or key what the browser refused to play. Off, only `startAudio()` does. */
  readonly playOnTouch?: boolean;
  /** Goes on, when the page is seen again, with sound that the system has paused. */
  readonly resumeAudio?: boolean;
}
