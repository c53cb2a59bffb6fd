import type { Admission, ApplicationRecord, Revocation, RoomRecord, UserRecord } from '@parley/backplane';
import type { Transaction } from '@parley/db';
import { lockPublished, type Published } from './published.ts';

interface Publication {
  /** What it tells of; undefined of a revocation. */
  readonly of: Published | undefined;
  readonly tell: (admission: Admission) => Promise<void>;
}

/**
 * What a transaction changes of what the sfu knows: collected while it works, and told when nothing is left to do but
 * to commit. So a transaction that comes to nothing has told nothing, and changes of one thing are told in the order
 * they are committed.
 */
export class Publications {
  readonly #collected: Publication[] = [];
  readonly #touched: Published[] = [];

  application(record: ApplicationRecord): void {
    this.#collect(applicationOf(record.applicationId), (admission) => admission.putApplication(record));
  }

  applicationRemoved(applicationId: string): void {
    this.#collect(applicationOf(applicationId), (admission) => admission.removeApplication(applicationId));
  }

  user(record: UserRecord): void {
    const { applicationId, userId } = record;
    this.#collect({ kind: 'user', applicationId, id: userId }, (admission) => admission.putUser(record));
  }

  userRemoved(applicationId: string, userId: string): void {
    this.#collect({ kind: 'user', applicationId, id: userId }, (admission) =>
      admission.removeUser(applicationId, userId),
    );
  }

  room(record: RoomRecord): void {
    const { applicationId, roomId } = record;
    this.#collect({ kind: 'room', applicationId, id: roomId }, (admission) => admission.putRoom(record));
  }

  roomRemoved(applicationId: string, roomId: string): void {
    this.#collect({ kind: 'room', applicationId, id: roomId }, (admission) =>
      admission.removeRoom(applicationId, roomId),
    );
  }

  /** Never taken back, should the commit fail: who had to sign in once more errs on the safe side. */
  revocation(revocation: Revocation): void {
    this.#collect(undefined, (admission) => admission.putRevocation(revocation));
  }

  /**
   * Tells all of it in the order it was collected. What it tells of stays locked until the transaction ends, because a
   * row that is being made or deleted cannot be, and because repairs must not come in between.
   */
  async deliver(transaction: Transaction, admission: Admission): Promise<void> {
    const changed = this.#collected.flatMap(({ of }) => of ?? []);
    if (changed.length > 0) {
      await lockPublished(transaction, changed);
    }
    for (const { of, tell } of this.#collected) {
      if (of !== undefined) {
        // Noted before: one that fails may have arrived all the same.
        this.#touched.push(of);
      }
      await tell(admission);
    }
  }

  /** What was told of: to be put right when the transaction was not committed. */
  get touched(): readonly Published[] {
    return this.#touched;
  }

  #collect(of: Published | undefined, tell: Publication['tell']): void {
    this.#collected.push({ of, tell });
  }
}

function applicationOf(applicationId: string): Published {
  return { kind: 'application', applicationId, id: applicationId };
}
