import type { CallKind, Identity, Role } from '@parley/protocol';
import type { Participant } from './participants/Participant.ts';

/** As it outlives the process. */
export type KeptMembers = Readonly<Record<string, Role>>;

/**
 * Whom one call has rung or had in it: they may come back for as long as it goes on, in the role they had last. Who comes
 * into a room is what the room says, and there may be ever new guests: of its call nobody is noted.
 */
export class Members {
  readonly #kind: CallKind;
  readonly #roles = new Map<string, Role>();

  /** @param kind That the call begins with: a room's is one for good, and no other becomes one. */
  constructor(kind: CallKind) {
    this.#kind = kind;
  }

  get kept(): KeptMembers {
    return Object.fromEntries(this.#roles);
  }

  restore(kept: KeptMembers): void {
    Object.entries(kept).forEach(([userId, role]) => this.#roles.set(userId, role));
  }

  note({ identity, role }: Participant): void {
    if (this.#kind !== 'room') {
      this.#roles.set(identity.userId, role);
    }
  }

  /** Undefined for a stranger. */
  roleOf({ userId }: Identity): Role | undefined {
    return this.#roles.get(userId);
  }
}
