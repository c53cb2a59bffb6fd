import type { AutomaticCallBehaviours } from '../automaticTypes.ts';
import type { MicrophoneConstraints } from '../devices/captureTypes.ts';
import type { VideoDeviceInfo } from '../devices/deviceTypes.ts';
import type { MediaConstraints } from '../media/encodingTypes.ts';
import type { MediaEncryption } from '../media/MediaEncryption.ts';
import type { LocalVideoStream } from '../streams/streamTypes.ts';
import type { Call } from './callTypes.ts';
import type { VideoOptions } from './videoOptionTypes.ts';

/** What a call begins with: without options the microphone is on and the camera off. */
export interface CallOptions {
  /** What is heard of this page at the beginning. */
  readonly audioOptions?: {
    /** Begins muted. */
    readonly muted?: boolean;
    /** What every microphone of the call is asked for, beside the defaults. */
    readonly constraints?: MicrophoneConstraints;
    /** Sent in place of a microphone; see `Call.setAudioSource`. */
    readonly source?: MediaStream | MediaStreamTrack;
  };
  /** What is seen of this page at the beginning, and what it is going to show. */
  readonly videoOptions?: VideoOptions & {
    /** Begins with the first of these in place of a camera; it may show what the application has made. */
    readonly localVideoStreams?: readonly LocalVideoStream[];
    /** Begins with this camera, or with `true` the one of `deviceManager.getCamera()`. */
    readonly camera?: VideoDeviceInfo | boolean;
    /**
     * How many pictures of others the application is going to show as soon as it has entered, at most 25: the server
     * has them ready then. Those that are not rendered soon are given up.
     */
    readonly expectedVideos?: number;
  };
  /** What the SDK is not to do by itself in this call; the rest is as the client was told. */
  readonly automatic?: AutomaticCallBehaviours;
  /**
   * Has this user's other devices leave the call as soon as this one has entered, with `joined_elsewhere`: also those whose
   * connection is lost, and those in the lobby. Of two that do so at once the one that asked later stays. Without it
   * a user may be in a call with many devices. A call that is only made now has no others.
   */
  readonly kickSiblings?: boolean;
  /** Limits of what is sent and received from the beginning; `Call.setConstraints` changes them. */
  readonly constraints?: MediaConstraints;
  /**
   * Encrypts sound and pictures so that the server cannot hear or see them: what `createEncryption()` of
   * `@parley/calling/e2ee` has made. Without it, everybody's media can be read by the server.
   * @throws TypeError from `call()`, `join()` and `accept()` for anything else.
   */
  readonly encryption?: CallEncryption;
}

/** What encrypts a call. `createEncryption()` of `@parley/calling/e2ee` makes it, and the SDK alone calls it. */
export interface CallEncryption extends MediaEncryption {
  /**
   * The call is about to be entered.
   * @throws CallError `not_supported` when nothing can be encrypted here, `invalid_state` while it is in another call: the
   * call is not entered then.
   */
  begin(call: Call): Promise<void>;
}

/** What an outgoing call begins with. */
export interface StartCallOptions extends CallOptions {
  /**
   * Strings of the application by name, at most 50, of at most 1024 characters each: told to those who are rung with
   * `incomingCall.customData`. Names have 1 to 64 of the characters a-z, A-Z, 0-9, `_`, `.`, `:` and `-`.
   */
  readonly customData?: Readonly<Record<string, string>>;
}
