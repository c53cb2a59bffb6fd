import { randomUUID } from 'node:crypto';
import { ProtocolError, type Identity, type Role } from '@parley/protocol';
import { Participant } from './participants/Participant.ts';

/** As it outlives the process. */
export interface KeptRemoval {
  readonly userId: string;
  /** How often the identity was removed from the call. */
  readonly epoch: number;
  /** False once somebody has rung them in again. */
  readonly isOut: boolean;
}

/**
 * Who was removed from one call. A removal voids all that the identity has of the call, whatever token it shows: each
 * begins a new epoch, and a place that was made in an earlier one counts for nothing, be it lost, resumed or still
 * being entered. Only somebody who may add participants lets them in again.
 */
export class Removals {
  readonly #byUser = new Map<string, KeptRemoval>();

  get kept(): KeptRemoval[] {
    return [...this.#byUser.values()];
  }

  restore(kept: readonly KeptRemoval[]): void {
    kept.forEach((removal) => this.#byUser.set(removal.userId, removal));
  }

  /** A new place for them, which counts until they are removed. */
  placeFor(identity: Identity, role: Role): Participant {
    const participant = new Participant(randomUUID(), role, identity);
    participant.epoch = this.epochOf(identity);

    return participant;
  }

  remove({ userId }: Identity): void {
    this.#byUser.set(userId, { userId, epoch: this.epochOf({ userId }) + 1, isOut: true });
  }

  /** Nothing happens to one who was not removed. */
  readmit({ userId }: Pick<Identity, 'userId'>): void {
    const removal = this.#byUser.get(userId);
    if (removal !== undefined) {
      this.#byUser.set(userId, { ...removal, isOut: false });
    }
  }

  epochOf({ userId }: Pick<Identity, 'userId'>): number {
    return this.#byUser.get(userId)?.epoch ?? 0;
  }

  /** Throws `removed_from_call` for somebody who was removed and not let in again. */
  requireAllowed({ userId }: Identity): void {
    if (this.#byUser.get(userId)?.isOut === true) {
      throw new ProtocolError('removed_from_call');
    }
  }

  /** Throws `removed_from_call` when the place was made before its identity was removed. */
  requireCurrent({ identity, epoch }: Participant): void {
    if (epoch !== this.epochOf(identity)) {
      throw new ProtocolError('removed_from_call');
    }
  }
}
