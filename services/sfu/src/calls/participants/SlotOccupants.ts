import type { AudioSlot } from '@parley/protocol';
import type { Roster } from './Roster.ts';

/** Whom the slots carry in which the loudest of one call are heard. */
export class SlotOccupants {
  readonly #callId: string;
  readonly #roster: Roster;
  #present: readonly AudioSlot[] = [];

  constructor(callId: string, roster: Roster) {
    this.#callId = callId;
    this.#roster = roster;
  }

  /** None while everyone is heard. */
  get present(): AudioSlot[] {
    return [...this.#present];
  }

  change(slots: readonly AudioSlot[]): void {
    this.#present = slots;
    this.#roster.tell({
      name: 'audioSlotsChanged',
      data: { callId: this.#callId, audioSlots: this.present },
    });
  }
}
