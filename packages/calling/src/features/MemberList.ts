import type { CollectionUpdate } from '../events.ts';
import type { RemoteParticipantImpl } from '../participants/RemoteParticipantImpl.ts';
import { changeOf } from './changeOf.ts';

export type Member = RemoteParticipantImpl | 'own';

/** Who has that id; undefined for somebody who is not known yet. */
export type FindMember = (id: string) => Member | undefined;

/** Some of those in a call, in an order. The server may name them before it says that they are there. */
export class MemberList {
  readonly #find: FindMember;
  readonly #onChanged: (update: CollectionUpdate<Member>) => void;
  #ids: readonly string[] = [];
  #members: readonly Member[] = [];

  /** @param onChanged Somebody has come or gone, or the order is another. */
  constructor(find: FindMember, onChanged: (update: CollectionUpdate<Member>) => void) {
    this.#find = find;
    this.#onChanged = onChanged;
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  /** They are these from now on. */
  set(ids: readonly string[]): void {
    this.#ids = ids;
    this.settle();
  }

  /** Takes in those who are known only now. */
  settle(): void {
    const before = this.#members;
    const members = this.#ids.flatMap((id) => this.#find(id) ?? []);
    if (members.length !== before.length || members.some((member, place) => member !== before[place])) {
      this.#members = members;
      this.#onChanged(changeOf(before, members));
    }
  }

  remove(id: string): void {
    this.set(this.#ids.filter((one) => one !== id));
  }
}
