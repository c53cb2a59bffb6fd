import type { CallNotification, CallSnapshot } from '@parley/protocol';
import type { Member, MemberList } from './MemberList.ts';

/** Who would like to speak, in the order in which they asked. */
export class Hands {
  readonly #list: MemberList;
  readonly #raisedAtMs = new Map<string, number>();

  constructor(list: MemberList) {
    this.#list = list;
  }

  get members(): readonly Member[] {
    return this.#list.members;
  }

  apply({ name, data }: CallNotification): void {
    switch (name) {
      case 'handRaised': {
        this.#set(data.participantId, data.atMs);
        break;
      }
      case 'participantJoined': {
        this.#set(data.participant.id, data.participant.handRaisedAtMs);
        break;
      }
      // A hand is gone with its participant.
      case 'participantLeft':
      case 'handLowered': {
        this.#set(data.participantId, undefined);
        break;
      }
      default:
    }
  }

  follow(participants: CallSnapshot['participants']): void {
    this.#raisedAtMs.clear();
    for (const { id, handRaisedAtMs } of participants) {
      this.#note(id, handRaisedAtMs);
    }
    this.#settle();
  }

  #set(id: string, atMs: number | undefined): void {
    this.#note(id, atMs);
    this.#settle();
  }

  #note(id: string, atMs: number | undefined): void {
    if (atMs === undefined) {
      this.#raisedAtMs.delete(id);
    } else {
      this.#raisedAtMs.set(id, atMs);
    }
  }

  #settle(): void {
    const raised = [...this.#raisedAtMs].sort(([, one], [, other]) => one - other);
    this.#list.set(raised.map(([id]) => id));
  }
}
