import { ProtocolError } from '@parley/protocol';
import type { Clock } from '@parley/kit';
import type { CallRate } from '../participants/CallRate.ts';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

export interface HandsOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly rate: CallRate;
  readonly clock: Clock;
}

/** Who would like to speak, in the order in which they asked. A hand is gone with its participant. */
export class Hands {
  readonly #options: HandsOptions;

  constructor(options: HandsOptions) {
    this.#options = options;
  }

  /** One that is up keeps its place. */
  raise(participant: Participant): void {
    const { callId, roster, roles, rate, clock } = this.#options;
    roles.require(participant, 'raiseHand');
    if (participant.handRaisedAtMs === undefined) {
      // Lowering it is never refused.
      rate.require(participant, 2);
      const atMs = clock.now();
      participant.handRaisedAtMs = atMs;
      roster.tell({ name: 'handRaised', data: { callId, participantId: participant.id, atMs } });
    }
  }

  /**
   * Anybody may lower their own. Throws `forbidden` when the hand is another's and the role does not allow it, and
   * `not_found` when there is nobody of that id.
   */
  lower(participant: Participant, participantId: string = participant.id): void {
    const { callId, roster, roles } = this.#options;
    if (participantId !== participant.id) {
      roles.require(participant, 'lowerHands');
    }
    const owner = roster.find(participantId);
    if (owner === undefined) {
      throw new ProtocolError('not_found', 'There is no such participant in the call.');
    }
    if (owner.handRaisedAtMs !== undefined) {
      owner.handRaisedAtMs = undefined;
      roster.tell({ name: 'handLowered', data: { callId, participantId } });
    }
  }
}
