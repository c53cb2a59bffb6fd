import { ProtocolError } from '@parley/protocol';
import type { CallEndpoint } from './CallEndpoint.ts';
import type { Roster } from './participants/Roster.ts';

/** Those whose media is being made: they hold a place in the call, which waits for them. */
export class Entrances {
  readonly #roster: Roster;
  readonly #entering = new Set<CallEndpoint>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  get isEmpty(): boolean {
    return this.#entering.size === 0;
  }

  /** Throws `invalid_state` for a device that is in the call already, or about to be. */
  requireOutside(endpoint: CallEndpoint): void {
    if (this.#roster.connected.has(endpoint) || this.#entering.has(endpoint)) {
      throw new ProtocolError('invalid_state', 'This device is in the call already.');
    }
  }

  /** Throws as `requireOutside` does, and `room_full` when there are `capacity` participants already. */
  requireRoomFor(endpoint: CallEndpoint, capacity: number): void {
    this.requireOutside(endpoint);
    if (this.#roster.size + this.#entering.size >= capacity) {
      throw new ProtocolError('room_full');
    }
  }

  begin(endpoint: CallEndpoint): void {
    this.#entering.add(endpoint);
  }

  /** The endpoint is on the roster now, or will not be. */
  end(endpoint: CallEndpoint): void {
    this.#entering.delete(endpoint);
  }
}
