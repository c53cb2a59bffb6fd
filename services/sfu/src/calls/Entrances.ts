import {
  ProtocolError,
  type CallKind,
  type CallSnapshot,
  type EndReasonName,
  type Joined,
  type Role,
  type Waiting,
} from '@parley/protocol';
import type { CallMedia, ParticipantMedia } from '../media/mediaTypes.ts';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { CallReporter } from './CallReporter.ts';
import type { Entrant, RoomDoor } from './callTypes.ts';
import type { EntranceRate } from './EntranceRate.ts';
import type { ReentryRate } from './ReentryRate.ts';
import type { Excesses } from './Excesses.ts';
import type { Members } from './Members.ts';
import type { Participant } from './participants/Participant.ts';
import { reasonOf } from './reasonOf.ts';
import type { CallRoles } from './participants/CallRoles.ts';
import type { Roster } from './participants/Roster.ts';
import type { Siblings } from './participants/Siblings.ts';
import type { Removals } from './Removals.ts';
import type { Ringing, Rung } from './ringing/Ringing.ts';
import type { Lobby } from './rooms/Lobby.ts';

export interface EntrancesOptions {
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly removals: Removals;
  readonly siblings: Siblings;
  readonly excesses: Excesses;
  readonly rate: EntranceRate;
  readonly reentries: ReentryRate;
  readonly ringing: Ringing;
  readonly reporter: CallReporter;
  readonly media: CallMedia;
  readonly members: Members;
  readonly lobby: Lobby;
  /** Set for the call of a room. */
  readonly door: RoomDoor | undefined;
  readonly kind: () => CallKind;
  readonly hasEnded: () => boolean;
  readonly snapshotFor: (participant: Participant) => CallSnapshot;
  /** Throws for a connection that was ended, and not merely lost, since it asked. */
  readonly requireStanding: (endpoint: CallEndpoint) => void;
  /** The endpoint has taken the participant's place. */
  readonly onConnected: (participant: Participant, endpoint: CallEndpoint) => void;
  /** One who was rung is in the call. */
  readonly onAnswered: (participant: Participant) => void;
  /** They are in, in place of their user's other devices. */
  readonly onReplacing: (participant: Participant) => void;
  /** The connection of somebody who is in was lost while they entered. */
  readonly onLost: (participant: Participant) => void;
  /** Somebody was not let in, or could not be. */
  readonly onRefused: (reason: EndReasonName, participant?: Participant) => void;
}

/** What happens in the turn in which somebody is put on the roster. */
export interface Entry {
  /** Before the snapshot of their answer is taken. */
  readonly onEntered?: () => void;
  /** Nothing has been told them since the snapshot was taken. */
  readonly onJoined?: (joined: Joined) => void;
}

/**
 * The ways into one call. Whose media is being made holds a place in it, and the call waits for them; once it is
 * there they are on the roster in the same turn in which the snapshot of their answer is taken.
 */
export class Entrances {
  readonly #options: EntrancesOptions;
  readonly #entering = new Set<CallEndpoint>();

  constructor(options: EntrancesOptions) {
    this.#options = options;
  }

  /** Nobody is on their way. */
  get isEmpty(): boolean {
    return this.#entering.size === 0;
  }

  /** Throws `invalid_state` for a device that is in the call already or about to be, or waits before its door. */
  requireOutside(endpoint: CallEndpoint): void {
    this.requireNoPlaceBut(undefined, endpoint);
  }

  /**
   * As `requireOutside`, for a device that comes back to a place and may be there still. It has no other in this call:
   * one of two would be nobody's when the device is lost.
   */
  requireNoPlaceBut(own: Participant | undefined, endpoint: CallEndpoint): void {
    const { roster, lobby } = this.#options;
    const present = roster.connected.get(endpoint) ?? lobby.at(endpoint);
    if ((present !== undefined && present !== own) || this.#entering.has(endpoint)) {
      throw new ProtocolError('invalid_state', 'This device is in the call already, or before its door.');
    }
  }

  /** Throws `room_full` when that many more would be more than `limit` or the room allows. */
  requireRoomFor(count: number, limit: number): void {
    const { roster, door } = this.#options;
    const capacity = Math.min(limit, door?.maxParticipants ?? limit);
    if (roster.size + this.#entering.size + count > capacity) {
      throw new ProtocolError('room_full');
    }
  }

  /**
   * Puts somebody on the roster who was not rung. An error of `onEntered` takes them off again.
   *
   * Whose connection is lost meanwhile is in, and away: their client asks again under the same request id.
   */
  async enter(entrant: Entrant, { onEntered, onJoined }: Entry = {}): Promise<Joined> {
    const { endpoint, offer } = entrant;
    const { media: callMedia, reporter } = this.#options;
    const participant = this.#admit(entrant);
    this.#entering.add(endpoint);
    reporter.joined(participant, endpoint.identity);

    try {
      const media = await callMedia.addParticipant(participant.id, offer);
      this.#confirm(participant, entrant, media);
      this.#connect(participant, entrant, media);
      onEntered?.();
      const joined = this.#answer(participant, media);
      onJoined?.(joined);
      if (!endpoint.isConnected) {
        this.#options.onLost(participant);
      }

      return joined;
    } catch (error) {
      const refusal = this.#refusalFor(error);
      this.#entering.delete(endpoint);
      this.#options.onRefused(reasonOf(refusal), participant);
      throw refusal;
    }
  }

  /**
   * Somebody comes back to a group call, or late: whom it has rung or had in it, in the role they had last. Rejects with
   * `call_not_found` for a stranger, `removed_from_call`, and `invalid_state` when it is no group call.
   */
  async join(entrant: Omit<Entrant, 'role'>): Promise<Joined> {
    const { endpoint } = entrant;
    const { members, kind, roster } = this.#options;
    this.#requireAllowed(endpoint);
    const known = members.roleOf(endpoint.identity) ?? roster.ofUser(endpoint.identity.userId)?.role;
    if (known === undefined) {
      throw new ProtocolError('call_not_found');
    }
    if (kind() !== 'group') {
      throw new ProtocolError('invalid_state', 'Only a group call is joined.');
    }
    if (roster.ofUser(endpoint.identity.userId)?.state === 'ringing') {
      return this.accept(entrant);
    }

    return this.enter({ ...entrant, role: () => known });
  }

  /** Somebody comes who is let in later, or not. Throws `removed_from_call`, and as `EntranceRate` and `Lobby.requireRoom` do. */
  wait(entrant: Entrant): Waiting {
    const { lobby, removals, siblings } = this.#options;
    const { endpoint, role } = entrant;
    this.requireOutside(endpoint);
    this.#requireAllowed(endpoint);
    const admitted = role(endpoint);
    lobby.requireRoom();
    this.#requireRates(endpoint);

    const place = removals.placeFor(endpoint.identity, admitted);
    siblings.ask(place);

    return lobby.wait(entrant, place);
  }

  /** The device answers. Rejects with `call_not_found` or `answered_elsewhere` when it is too late for that. */
  async accept(entrant: Omit<Entrant, 'role'>): Promise<Joined> {
    const { endpoint, offer } = entrant;
    const { roster, roles, rate, siblings, onAnswered } = this.#options;
    const { participantId, invitation } = this.#invitationOf(endpoint);
    invitation.claim(endpoint);
    const asked = { turn: 0 };
    siblings.ask(asked);

    try {
      rate.require();
      const media = await this.#options.media.addParticipant(participantId, offer);
      const participant = roster.find(participantId);
      // Meanwhile the caller may have gone, time run out, and the device itself been lost: others may answer then.
      if (participant === undefined || !invitation.isClaimedBy(endpoint) || !endpoint.isConnected) {
        media.close();
        throw new ProtocolError('call_not_found');
      }
      this.#orClose(media, () => {
        this.requireOutside(endpoint);
        participant.turn = asked.turn;
        siblings.requireCurrent(participant);
        roles.change(participant, this.#roleOfRung(participant, endpoint));
      });
      invitation.confirm(endpoint);
      this.#connect(participant, entrant, media);
      onAnswered(participant);

      return this.#answer(participant, media);
    } catch (error) {
      invitation.release(endpoint);
      throw this.#refusalFor(error);
    }
  }

  /** The user of the device declines. Throws as `accept` rejects. */
  decline(endpoint: CallEndpoint): void {
    this.#invitationOf(endpoint).invitation.decline(endpoint);
  }

  /** Who may enter goes on to do so. Throws `too_many_requests` when their user, or everybody together, does too often. */
  #requireRates({ identity }: CallEndpoint): void {
    const { rate, reentries } = this.#options;
    reentries.require(identity);
    rate.require();
  }

  /** Throws `removed_from_call` for somebody who was, `too_many_requests` for who has sent too much, and as `requireStanding`. */
  #requireAllowed(endpoint: CallEndpoint): void {
    const { removals, excesses, requireStanding } = this.#options;
    const { identity } = endpoint;
    requireStanding(endpoint);
    removals.requireAllowed(identity);
    excesses.requireOver(identity);
  }

  /** What rings on the device. Throws `call_not_found`, or `removed_from_call` for somebody who was. */
  #invitationOf(endpoint: CallEndpoint): Rung {
    const { ringing } = this.#options;
    this.requireOutside(endpoint);
    this.#requireAllowed(endpoint);

    return ringing.of(endpoint);
  }

  /** A call that was made for them alone ends when they may not come in. */
  #admit({ endpoint, role, capacity = Infinity, waited }: Entrant): Participant {
    const { removals, siblings, hasEnded, onRefused } = this.#options;
    try {
      if (hasEnded()) {
        throw new ProtocolError('call_not_found');
      }
      this.requireOutside(endpoint);
      this.#requireAllowed(endpoint);
      const admitted = role(endpoint);
      this.requireRoomFor(1, capacity);
      // Who waited has come before.
      if (waited !== undefined) {
        waited.role = admitted;

        return waited;
      }
      this.#requireRates(endpoint);
      const participant = removals.placeFor(endpoint.identity, admitted);
      siblings.ask(participant);

      return participant;
    } catch (error) {
      onRefused(reasonOf(error));
      throw error;
    }
  }

  /** A room may have changed its mind since they began to ring. */
  #roleOfRung({ role }: Participant, endpoint: CallEndpoint): Role {
    const { door } = this.#options;
    const admitted = door === undefined ? role : door.roleOf(endpoint);
    if (admitted === undefined) {
      throw new ProtocolError('not_on_roster');
    }

    return admitted;
  }

  /**
   * Meanwhile the call may have ended, they been removed from it, or their token been revoked, and the room changed its
   * mind. Nothing has told the call of the connection's end: it was in none yet.
   */
  #confirm(participant: Participant, { endpoint, role }: Entrant, media: ParticipantMedia): void {
    const { removals, siblings, roles, hasEnded, requireStanding } = this.#options;
    this.#orClose(media, () => {
      if (hasEnded()) {
        throw new ProtocolError('call_not_found');
      }
      requireStanding(endpoint);
      removals.requireCurrent(participant);
      siblings.requireCurrent(participant);
      roles.change(participant, role(endpoint));
    });
  }

  #connect(
    participant: Participant,
    { endpoint, offer, kickSiblings }: Omit<Entrant, 'role'>,
    media: ParticipantMedia,
  ): void {
    const { roster, reporter, onConnected, onReplacing } = this.#options;
    this.#entering.delete(endpoint);
    roster.connect(participant, endpoint, offer, media);
    reporter.participantConnected(participant, endpoint.id);
    onConnected(participant, endpoint);
    if (kickSiblings === true) {
      onReplacing(participant);
    }
  }

  #answer(participant: Participant, media: ParticipantMedia): Joined {
    return {
      action: 'joined',
      participantId: participant.id,
      resumeToken: participant.resumeTokens.present,
      sequence: participant.mailbox.sequence,
      call: this.#options.snapshotFor(participant),
      media: media.parameters,
    };
  }

  #orClose(media: ParticipantMedia, check: () => void): void {
    try {
      check();
    } catch (error) {
      media.close();
      throw error;
    }
  }

  /** Whatever fails while a call ends fails because of that. */
  #refusalFor(error: unknown): unknown {
    return this.#options.hasEnded()
      ? new ProtocolError('call_not_found', undefined, { cause: error })
      : error;
  }
}
