import type { CallRate } from '../participants/CallRate.ts';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

export interface ReactionsOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly rate: CallRate;
}

/** What people think of what is being said, for the moment: nothing of it is kept. */
export class Reactions {
  readonly #options: ReactionsOptions;

  constructor(options: ReactionsOptions) {
    this.#options = options;
  }

  send(participant: Participant, reaction: string): void {
    const { callId, roster, roles, rate } = this.#options;
    roles.require(participant, 'react');
    rate.require(participant);
    roster.tell({ name: 'reactionSent', data: { callId, participantId: participant.id, reaction } });
  }
}
