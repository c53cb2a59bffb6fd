import type { Identity, Role } from '@parley/protocol';
import type { Participant } from './participants/Participant.ts';

/** As it outlives the process. */
export type KeptMembers = Readonly<Record<string, Role>>;

/** Whom one call has rung or had in it: they may come back for as long as it goes on, in the role they had last. */
export class Members {
  readonly #roles = new Map<string, Role>();

  get kept(): KeptMembers {
    return Object.fromEntries(this.#roles);
  }

  restore(kept: KeptMembers): void {
    Object.entries(kept).forEach(([userId, role]) => this.#roles.set(userId, role));
  }

  note({ identity, role }: Participant): void {
    this.#roles.set(identity.userId, role);
  }

  /** Undefined for a stranger. */
  roleOf({ userId }: Identity): Role | undefined {
    return this.#roles.get(userId);
  }
}
