import type { AutomaticBehaviours } from '../automaticTypes.ts';
import type { CallOptions, StartCallOptions } from '../call/callOptionTypes.ts';
import type { Call } from '../call/callTypes.ts';
import type { IncomingCall } from '../call/incomingCallTypes.ts';
import type { DeviceManager } from '../devices/deviceTypes.ts';
import type { CallError } from '../errors.ts';
import type { CollectionUpdate, Observable } from '../events.ts';
import type { Logger, LogLevel } from '../logger.ts';
import type { CommunicationIdentifier } from '../participants/participantTypes.ts';

/** Who the token says this is. */
export interface ClientIdentity {
  /** The user id that the application's backend chose, or the id a guest was given. */
  readonly id: string;
  /** The name by which others see this person. */
  readonly displayName: string;
  /** A `user` is one of the backend's, a `guest` came by a link, and who is `anonymous` signed in without an account. */
  readonly type: 'user' | 'guest' | 'anonymous';
}

/** What a client is made with; each option may be left out. */
export interface CallClientOptions {
  /**
   * Where the server is, such as `https://calls.example.com`. Without it the token's `iss` says it.
   */
  readonly endpoint?: string;
  /**
   * `relay` sends media through TURN servers only, so that the server does not learn this device's address; W3C WebRTC's
   * `RTCIceTransportPolicy`.
   */
  readonly iceTransportPolicy?: RTCIceTransportPolicy;
  /**
   * What the SDK is not to do by itself.
   *
   * @example
   * await CallClientFactory.create(token, { automatic: { leaveWithPage: false, rememberDevices: false } });
   */
  readonly automatic?: AutomaticBehaviours;
  /** Where the SDK reports what it does; without it, nowhere. */
  readonly logger?: Logger;
  /** From which level on it does; `info` by default. */
  readonly logLevel?: LogLevel;
}

/** `Connecting` also while the connection was lost and is being made again. */
export type ConnectionState = 'Connecting' | 'Connected' | 'Disconnected';

export type CallClientEvents = {
  /** Somebody calls this user: it rings here until `callEnded` or an answer. */
  incomingCall: [IncomingCall];
  callsUpdated: [CollectionUpdate<Call>];
  /** The token of a later connection says another name. */
  identityChanged: [];
  connectionStateChanged: [];
  /** Right before the `connectionStateChanged`, if there is one. */
  disconnectReasonChanged: [];
  isAudioPlaybackBlockedChanged: [];
  /** The browser refuses to play sound before the person touches the page: offer a button that calls `startAudio`. */
  audioPlaybackBlocked: [];
};

/** One device of one user, connected to a Parley server. */
export interface CallClient extends Observable<CallClientEvents> {
  /** Who this client is, by its token. */
  readonly identity: ClientIdentity;
  /** Calls that have not ended. */
  readonly calls: readonly Call[];
  /** Whether the server can be reached now; `disconnectReason` says why not. */
  readonly connectionState: ConnectionState;
  /**
   * Why the client is not connected: what the latest try came to while it is `Connecting` again, such as `unavailable`;
   * why it is `Disconnected` for good, such as `token_revoked`. Undefined while it is `Connected`, and after `dispose()`.
   */
  readonly disconnectReason: CallError | undefined;
  /** The microphones, cameras and speakers of this machine. */
  readonly deviceManager: DeviceManager;
  /**
   * Whether the browser refuses to play what somebody says, as most do in a page that nobody has touched. Any touch or key
   * in the page begins it, also without `startAudio`.
   */
  readonly isAudioPlaybackBlocked: boolean;
  /**
   * Plays everything that waits, or that the system has paused. Call it from a listener of a click or key.
   *
   * @example
   * client.on('audioPlaybackBlocked', () => (button.hidden = false));
   * button.addEventListener('click', () => void client.startAudio());
   * @throws CallError `forbidden` when the browser refuses still, `invalid_state` after `dispose()`.
   */
  startAudio(): Promise<void>;

  /**
   * Calls users by their ids and returns at once: subscribe to the call, it tells how it goes.
   *
   * @example
   * const call = client.call(['bob'], { videoOptions: { camera: true } });
   * call.on('stateChanged', () => console.log(call.state, call.callEndReason?.name));
   * @param ids User ids and telephone numbers such as `+15551234567`, which ring the user who has them.
   * A number that no user has ends the call with `not_supported`: no call has a telephone leg yet.
   * @throws TypeError for anything but 1 to 50 of them, and for custom data and other options that are not as described there.
   * @throws CallError `invalid_state` after `dispose()`.
   */
  call(ids: readonly (string | CommunicationIdentifier)[], options?: StartCallOptions): Call;
  /** The same as `call`. */
  startCall(ids: readonly (string | CommunicationIdentifier)[], options?: StartCallOptions): Call;
  /**
   * Enters a room's call, or a group call that this user was rung in, or was in before, and returns at once.
   *
   * @param place The id of the room, for which `groupId` is another name, or `call.id` of the group call.
   * @throws TypeError without the id of either, or with both, and for options that are not as described there.
   * @throws CallError `invalid_state` after `dispose()`.
   */
  join(
    place: { readonly roomId: string } | { readonly groupId: string } | { readonly callId: string },
    options?: CallOptions,
  ): Call;
  /**
   * Hangs up every call, turns every device off and closes the connection; resolves when all that is done.
   * May be called more than once and from any event.
   */
  dispose(): Promise<void>;
}
