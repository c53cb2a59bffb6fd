import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

export interface ReactionsOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
}

/** What people think of what is being said, for the moment: nothing of it is kept. */
export class Reactions {
  readonly #options: ReactionsOptions;

  constructor(options: ReactionsOptions) {
    this.#options = options;
  }

  send(participant: Participant, reaction: string): void {
    const { callId, roster, roles } = this.#options;
    roles.require(participant, 'react');
    roster.tell({ name: 'reactionSent', data: { callId, participantId: participant.id, reaction } });
  }
}
