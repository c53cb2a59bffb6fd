import type { Clock, Timer } from '@parley/kit';
import { mayDo, type CallNotification, type LobbyEntry, type Role } from '@parley/protocol';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

/**
 * The least time between two tellings of who waits. Whoever comes and goes before the door asks little each time, and each
 * manager is sent the whole list.
 */
const tellingIntervalMs = 200;

export interface LobbyListOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly clock: Clock;
  /** Who waits now. */
  readonly entries: () => LobbyEntry[];
}

/** Who waits before the door of a call, as those are told it who may open it, and nobody else. */
export class LobbyList {
  readonly #options: LobbyListOptions;
  /** Runs while the managers know of less than there is to tell. */
  #telling: Timer | undefined;
  #toldAtMs = -Infinity;

  constructor(options: LobbyListOptions) {
    this.#options = options;
  }

  /** Others wait than before: told now, or as soon as the last telling is long enough ago. */
  changed(): void {
    if (this.#telling !== undefined) {
      return;
    }
    const { clock } = this.#options;
    const sinceMs = clock.now() - this.#toldAtMs;
    // A clock that was set back meanwhile delays it no longer than that.
    const delayMs = Math.min(tellingIntervalMs, tellingIntervalMs - sinceMs);
    if (delayMs > 0) {
      this.#telling = clock.schedule(delayMs, () => this.#tell());
    } else {
      this.#tell();
    }
  }

  /** The participant had that role until now: who has become a manager sees who waits, who is none any more nobody. */
  roleChanged(participant: Participant, before: Role): void {
    const { roles, entries } = this.#options;
    const isManager = roles.allow(participant, 'manageLobby');
    // What nobody waits in is told where those who have gone may still be shown.
    const isOfInterest = entries().length > 0 || this.#telling !== undefined;
    if (isOfInterest && isManager !== mayDo(before, 'manageLobby')) {
      participant.tell(this.#notification(isManager ? entries() : []));
    }
  }

  /** Nobody is told any more. Idempotent. */
  close(): void {
    this.#telling?.cancel();
  }

  #tell(): void {
    const { roster, roles, clock, entries } = this.#options;
    this.#telling = undefined;
    this.#toldAtMs = clock.now();
    const changed = this.#notification(entries());
    for (const participant of roster.present) {
      if (roles.allow(participant, 'manageLobby')) {
        participant.tell(changed);
      }
    }
  }

  #notification(lobby: LobbyEntry[]): CallNotification {
    return { name: 'lobbyChanged', data: { callId: this.#options.callId, lobby } };
  }
}
