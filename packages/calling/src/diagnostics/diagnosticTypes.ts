import type { Observable } from '../events.ts';

/** How well something works. */
export const DiagnosticQuality = { Good: 1, Poor: 2, Bad: 3 } as const;
export type DiagnosticQuality = (typeof DiagnosticQuality)[keyof typeof DiagnosticQuality];

/** What is wrong with the network, by name. */
export interface NetworkDiagnosticValues {
  /** This machine has no network. */
  noNetwork: boolean;
  /** The browser could not use any TURN server; without, some networks let no media through. */
  networkRelaysNotReachable: boolean;
  /** `Bad`: the server cannot be reached. `Poor`: only the media has no path. `Good`: it is over. */
  networkReconnect: DiagnosticQuality;
  /** Of what is received; `NetworkQuality` of `@parley/calling/stats` says why, and of whom. */
  networkReceiveQuality: DiagnosticQuality;
  /** Of what is sent. */
  networkSendQuality: DiagnosticQuality;
}

/** What is wrong with microphone, camera, speaker and screen, by name. */
export interface MediaDiagnosticValues {
  /** Somebody speaks into the microphone while the call is muted. */
  speakingWhileMicrophoneIsMuted: boolean;
  /**
   * The browser lists no speaker. Never raised in browsers that do not list all of them, such as Firefox, nor before the page may
   * use a microphone: some list speakers only then.
   */
  noSpeakerDevicesEnumerated: boolean;
  /** The browser lists no microphone. */
  noMicrophoneDevicesEnumerated: boolean;
  /** The microphone could not be started, has stopped by itself, or gave nothing for ten seconds. */
  microphoneNotFunctioning: boolean;
  /** The system has muted it, as during a telephone call. */
  microphoneMuteUnexpectedly: boolean;
  /** See `Diagnostic.deniedBy`. */
  microphonePermissionDenied: boolean;
  /** For ten seconds nothing at all was heard, as of one with a switch of its own. */
  microphoneNotMuteButSilent: boolean;
  /** The camera gave no picture for five seconds. */
  cameraFreeze: boolean;
  /** It could not be started, for another reason than the two that follow. */
  cameraStartFailed: boolean;
  /** It did not start within ten seconds, though it is permitted. */
  cameraStartTimedOut: boolean;
  /** See `Diagnostic.deniedBy`. */
  cameraPermissionDenied: boolean;
  /** It has stopped by itself, or the system has stopped it. */
  cameraStoppedUnexpectedly: boolean;
  /** The screen could not be captured; not raised for a person who chose nothing. */
  capturerStartFailed: boolean;
  /** The shared screen has ended other than by `stopScreenSharing()`: browsers do not tell their own "Stop sharing" from it. */
  capturerStoppedUnexpectedly: boolean;
  /** The system lets the browser capture no screen: the person can change it in the settings of the system. */
  screenshareRecordingDisabled: boolean;
}

/** The latest of one diagnostic. */
export interface Diagnostic<Value = boolean | DiagnosticQuality> {
  /** `true` for what is wrong now, or how bad it is. */
  readonly value: Value;
  /** Which of the two `value` is. */
  readonly valueType: 'DiagnosticFlag' | 'DiagnosticQuality';
  /**
   * Of `microphonePermissionDenied` and `cameraPermissionDenied`: the person can change it in the settings of the browser or
   * in those of the system. `browser` where the browser does not tell them apart.
   */
  readonly deniedBy?: 'browser' | 'system';
}

/** Those that were found at least once. */
export type LatestDiagnostics<Values> = { readonly [Name in keyof Values]?: Diagnostic<Values[Name]> };

/** One diagnostic that has another value than before. */
export type DiagnosticChanged<Values> = {
  [Name in keyof Values]: { readonly diagnostic: Name } & Diagnostic<Values[Name]>;
}[keyof Values];

export type DiagnosticEvents<Values> = {
  /** Something goes wrong, or is well again. */
  diagnosticChanged: [DiagnosticChanged<Values>];
};

export interface Diagnostics<Values> extends Observable<DiagnosticEvents<Values>> {
  /** What was never out of order is missing. */
  getLatest(): LatestDiagnostics<Values>;
}

/**
 * What an application can show a person who is not heard, not seen, or does not hear. It is watched from the first
 * `call.feature(UserFacingDiagnostics)` until the call ends, so ask for it as soon as there is the call.
 *
 * @example
 * const { media, network } = call.feature(UserFacingDiagnostics);
 * media.on('diagnosticChanged', ({ diagnostic, value }) => {
 *   if (diagnostic === 'speakingWhileMicrophoneIsMuted' && value) showHint('You are muted.');
 * });
 */
export interface UserFacingDiagnostics {
  readonly network: Diagnostics<NetworkDiagnosticValues>;
  readonly media: Diagnostics<MediaDiagnosticValues>;
}
