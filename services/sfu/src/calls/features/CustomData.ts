import { maxCustomItems, ProtocolError, type CustomItemChanges, type CustomItems } from '@parley/protocol';
import type { CallRate } from '../participants/CallRate.ts';
import type { CallRoles } from '../participants/CallRoles.ts';
import type { Participant } from '../participants/Participant.ts';
import type { Roster } from '../participants/Roster.ts';

export interface CustomDataOptions {
  readonly callId: string;
  readonly roster: Roster;
  readonly roles: CallRoles;
  readonly rate: CallRate;
  /** From the start of the call. */
  readonly items: CustomItems;
}

/** What the application keeps with the call. */
export class CustomData {
  readonly #options: CustomDataOptions;
  #items: ReadonlyMap<string, string>;

  constructor(options: CustomDataOptions) {
    this.#options = options;
    this.#items = new Map(Object.entries(options.items));
  }

  get items(): CustomItems {
    return Object.fromEntries(this.#items);
  }

  /** Throws `invalid_state` when there would be more items than a call keeps; then nothing changes. */
  change(participant: Participant, changes: CustomItemChanges): void {
    const { callId, roster, roles, rate } = this.#options;
    roles.require(participant, 'setCustomData');
    const items = new Map(this.#items);
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) {
        items.delete(key);
      } else {
        items.set(key, value);
      }
    }
    if (items.size > maxCustomItems) {
      throw new ProtocolError('invalid_state', `A call keeps at most ${maxCustomItems} items.`);
    }
    rate.requireFor(participant, Object.fromEntries(items));
    this.#items = items;
    roster.tell({ name: 'customDataChanged', data: { callId, customData: this.items } });
  }

  /** Nobody is told: the call goes on where it was. */
  restore(items: CustomItems): void {
    this.#items = new Map(Object.entries(items));
  }
}
