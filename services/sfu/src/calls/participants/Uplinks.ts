import type { CallSnapshot } from '@parley/protocol';
import type { Roster } from './Roster.ts';

/** Whose media reaches the server badly. */
export class Uplinks {
  readonly #callId: string;
  readonly #roster: Roster;
  #weakSenders: readonly string[] = [];

  constructor(callId: string, roster: Roster) {
    this.#callId = callId;
    this.#roster = roster;
  }

  get snapshot(): Pick<CallSnapshot, 'weakSenders'> {
    return { weakSenders: this.#present };
  }

  change(participantIds: readonly string[]): void {
    this.#weakSenders = participantIds;
    this.#roster.tell({
      name: 'weakSendersChanged',
      data: { callId: this.#callId, participantIds: this.#present },
    });
  }

  /** The media may still know those who have left. */
  get #present(): string[] {
    return this.#weakSenders.filter((id) => this.#roster.find(id) !== undefined);
  }
}
