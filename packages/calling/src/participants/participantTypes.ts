import type { Role } from '@parley/protocol';
import type { CallEndReason } from '../endReason.ts';
import type { CollectionUpdate, Observable } from '../events.ts';
import type { RemoteAudioStream, RemoteVideoStream } from '../streams/streamTypes.ts';

/** Who somebody is; the same for as long as the object lives. */
export interface ParticipantIdentity {
  /**
   * The user id that the application's backend chose, or the id a guest was given; the E.164 number of whom this page has
   * dialled by it.
   */
  readonly id: string;
  /**
   * A `user` is one of the backend's, a `guest` came by a link, who is `anonymous` signed in without an account, and a
   * `phoneNumber` was dialled by this page.
   */
  readonly type: 'user' | 'guest' | 'anonymous' | 'phoneNumber';
}

/**
 * Who somebody is, as the released SDK writes it. Whoever is named by an id or number may be named so, too: `kind` may be
 * left out then.
 */
export type CommunicationIdentifier =
  | { readonly kind?: 'communicationUser'; readonly communicationUserId: string }
  | { readonly kind?: 'phoneNumber'; readonly phoneNumber: string };

/**
 * `Connecting`: added by this page, and the server has not said yet what becomes of it. `Ringing`: called and has not
 * answered. `Reconnecting`: the connection is lost and the place is kept; what is heard and seen may well go on. `OnHold`:
 * neither sends nor receives for the time being. `Disconnected`: has left, or could not be reached; nothing follows.
 *
 * `Idle`, `InLobby` and `EarlyMedia` do not occur: who waits in the lobby is in `call.lobby`, and no call has a telephone leg yet.
 */
export type RemoteParticipantState =
  | 'Idle'
  | 'Connecting'
  | 'Ringing'
  | 'EarlyMedia'
  | 'InLobby'
  | 'Connected'
  | 'Reconnecting'
  | 'OnHold'
  | 'Disconnected';

export type RemoteParticipantEvents = {
  /** Whom this page has added has begun to ring. */
  endpointIdChanged: [];
  /** The server has said how somebody is called whom this page has added. */
  displayNameChanged: [];
  stateChanged: [];
  isMutedChanged: [];
  isSpeakingChanged: [];
  isHandRaisedChanged: [];
  isSpotlightedChanged: [];
  roleChanged: [];
  callEndReasonChanged: [];
  videoStreamsUpdated: [CollectionUpdate<RemoteVideoStream>];
  screenSharingStreamsUpdated: [CollectionUpdate<RemoteVideoStream>];
  audioStreamsUpdated: [CollectionUpdate<RemoteAudioStream>];
};

/**
 * Somebody else in a call. A user who takes part with two devices is two participants of one identity, told
 * apart by `endpointId`.
 */
export interface RemoteParticipant extends Observable<RemoteParticipantEvents> {
  /** Who it is: the same for each device of one user. */
  readonly identity: ParticipantIdentity;
  /** `identity`, as the released SDK writes it. */
  readonly identifier: CommunicationIdentifier;
  /**
   * The server's id of this part in the call, which ends with it: a device that enters again has another one, and a callee
   * who answers keeps the one that was ringing. Undefined only while somebody just added is `Connecting`, and for whom
   * could not be rung.
   */
  readonly endpointId: string | undefined;
  /** What was dialled, until the server has said the name. */
  readonly displayName: string;
  /** `collaborator` until the server has said more. */
  readonly role: Role;
  /** How far this participant is in the call; ends as `Disconnected`. */
  readonly state: RemoteParticipantState;
  /** True while the participant's microphone sends nothing. */
  readonly isMuted: boolean;
  /** Whether the server hears this participant speak. */
  readonly isSpeaking: boolean;
  /** Would like to speak; `call.raisedHands` has the order. */
  readonly isHandRaised: boolean;
  /** One of those whom everyone is to see large. */
  readonly isSpotlighted: boolean;
  /** Cameras. */
  readonly videoStreams: readonly RemoteVideoStream[];
  /** Shared screens. */
  readonly screenSharingStreams: readonly RemoteVideoStream[];
  /** What is being received and played of this participant; in a large call only the loudest are. */
  readonly audioStreams: readonly RemoteAudioStream[];
  /** Why the participant left, or could not be reached, such as `offline` or `not_found`; undefined before. */
  readonly callEndReason: CallEndReason | undefined;
  /**
   * Mutes the microphone of this participant, who is told by `mutedByOthers` and may unmute it again.
   * @throws CallError `forbidden` when one's own role may not mute others, `invalid_state` when the participant or oneself
   * is not in the call.
   */
  mute(): Promise<void>;
}
