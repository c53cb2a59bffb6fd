import type { Participant } from './Participant.ts';

/** Participants by their user, in the order in which they came. */
export class UserIndex {
  readonly #users = new Map<string, Set<Participant>>();

  /** Users, each of whom may be there with several devices. */
  get size(): number {
    return this.#users.size;
  }

  of(userId: string): Participant[] {
    return [...(this.#users.get(userId) ?? [])];
  }

  /** Idempotent. */
  add(participant: Participant): void {
    const { userId } = participant.identity;
    this.#users.set(userId, (this.#users.get(userId) ?? new Set()).add(participant));
  }

  /** Idempotent. */
  delete(participant: Participant): void {
    const { userId } = participant.identity;
    const participants = this.#users.get(userId);
    participants?.delete(participant);
    if (participants?.size === 0) {
      this.#users.delete(userId);
    }
  }

  clear(): void {
    this.#users.clear();
  }
}
