import { ProtocolError } from '@parley/protocol';
import type { CallRate } from '../participants/CallRate.ts';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

export interface SpotlightOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly rate: CallRate;
  /** The media serves these first when bandwidth is short. */
  readonly onChanged: (participantIds: readonly string[]) => void;
}

/** Whom everyone in the call is to see large, the most important first. */
export class Spotlight {
  readonly #options: SpotlightOptions;
  #participantIds: readonly string[] = [];

  constructor(options: SpotlightOptions) {
    this.#options = options;
  }

  get participantIds(): string[] {
    return [...this.#participantIds];
  }

  /** Throws `not_found` when somebody is named who is not in the call, or only rings. */
  set(participant: Participant, participantIds: readonly string[]): void {
    const { roster, roles, rate } = this.#options;
    roles.require(participant, 'spotlight');
    const present = new Set(roster.present.map(({ id }) => id));
    if (participantIds.some((id) => !present.has(id))) {
      throw new ProtocolError('not_found', 'There is no such participant in the call.');
    }
    rate.require(participant);
    this.#change([...new Set(participantIds)]);
  }

  /** The participant has left. */
  forget(participantId: string): void {
    this.#change(this.#participantIds.filter((id) => id !== participantId));
  }

  /** Nobody is told: the call goes on where it was. */
  restore(participantIds: readonly string[]): void {
    this.#participantIds = [...participantIds];
    this.#options.onChanged(this.participantIds);
  }

  #change(participantIds: readonly string[]): void {
    const { callId, roster, onChanged } = this.#options;
    if (participantIds.join() !== this.#participantIds.join()) {
      this.#participantIds = participantIds;
      onChanged(this.participantIds);
      roster.tell({ name: 'spotlightChanged', data: { callId, participantIds: this.participantIds } });
    }
  }
}
