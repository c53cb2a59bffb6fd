import type { Role } from '@parley/protocol';
import type { CallEndReason } from '../endReason.ts';
import type { CollectionUpdate, Observable } from '../events.ts';
import type { RemoteAudioStream, RemoteVideoStream } from '../streams/streamTypes.ts';

/** Who somebody is. */
export interface ParticipantIdentity {
  /** The user id that the application's backend chose, or the id a guest was given. */
  readonly id: string;
  readonly type: 'user' | 'guest' | 'anonymous';
}

/**
 * `Ringing`: called and has not answered. `Reconnecting`: the connection is lost and the place is kept; what is heard and
 * seen may well go on. `OnHold`: neither sends nor receives for the time being. `Disconnected`: has left; nothing
 * follows.
 */
export type RemoteParticipantState = 'Ringing' | 'Connected' | 'Reconnecting' | 'OnHold' | 'Disconnected';

export type RemoteParticipantEvents = {
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
  readonly identity: ParticipantIdentity;
  /** Names the device in this call; stays the same when a ringing callee answers. */
  readonly endpointId: string;
  readonly displayName: string;
  readonly role: Role;
  readonly state: RemoteParticipantState;
  /** True while the participant's microphone sends nothing. */
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  /** Would like to speak; `call.raisedHands` has the order. */
  readonly isHandRaised: boolean;
  /** One of those whom everyone is to see large. */
  readonly isSpotlighted: boolean;
  /** Cameras. */
  readonly videoStreams: readonly RemoteVideoStream[];
  readonly screenSharingStreams: readonly RemoteVideoStream[];
  /** What is being received and played of this participant; in a large call only the loudest are. */
  readonly audioStreams: readonly RemoteAudioStream[];
  /** Why the participant left; undefined before. */
  readonly callEndReason: CallEndReason | undefined;
}
