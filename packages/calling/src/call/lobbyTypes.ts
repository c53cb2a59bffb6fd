import type { CollectionUpdate, Observable } from '../events.ts';
import type { ParticipantIdentity } from '../participants/participantTypes.ts';

/** Somebody who waits to be let into the call of a room. Nothing of it changes. */
export interface LobbyParticipant {
  /** The `RemoteParticipant.endpointId` that they will have in the call. */
  readonly id: string;
  /** Who it is. */
  readonly identity: ParticipantIdentity;
  /** The name that they will have in the call. */
  readonly displayName: string;
  /** Since when they have waited, by the server's clock. */
  readonly since: Date;
}

export type LobbyEvents = {
  /** Told a fifth of a second apart at most often. */
  participantsUpdated: [CollectionUpdate<LobbyParticipant>];
};

/**
 * Who waits before the door of a call's room. Empty for those whose role may not let anybody in, before the call is entered and
 * after its end. Every method throws `CallError`: `forbidden` when the role may not decide, `not_found` when one of those
 * named has gone meanwhile, and then nobody of them is let in or sent away, `invalid_state` before the call is entered and
 * after its end.
 *
 * @example
 * call.lobby.on('participantsUpdated', () => {
 *   badge.textContent = String(call.lobby.participants.length);
 * });
 * await call.lobby.admitAll();
 */
export interface Lobby extends Observable<LobbyEvents> {
  /** Who waits. */
  readonly participants: readonly LobbyParticipant[];
  /**
   * Lets them in. Who does not wait any more is left out.
   * @throws TypeError for who is not of this lobby.
   */
  admit(participants: LobbyParticipant | readonly LobbyParticipant[]): Promise<void>;
  /** Sends them away: their call ends with `lobby_denied`. @throws TypeError as `admit()` does. */
  reject(participants: LobbyParticipant | readonly LobbyParticipant[]): Promise<void>;
  /** Lets everybody in who waits at this moment. */
  admitAll(): Promise<void>;
}
