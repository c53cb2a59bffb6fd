import type { LobbyEntry } from '@parley/protocol';
import { EventSource } from '../events.ts';
import type { Lobby, LobbyEvents, LobbyParticipant } from './lobbyTypes.ts';

/** The most that one request lets in, or sends away. */
const maxNamed = 100;

/** What is asked of the server. */
export type Decision = 'admitParticipants' | 'denyParticipants';

export class LobbyImpl extends EventSource<LobbyEvents> implements Lobby {
  readonly #decide: (decision: Decision, participantIds: string[]) => Promise<unknown>;
  #waiting = new Map<string, LobbyParticipant>();
  readonly #everybody = new WeakSet<LobbyParticipant>();

  /** `decide` throws when the call is not entered, or has ended, or the role may not manage its lobby. */
  constructor(decide: (decision: Decision, participantIds: string[]) => Promise<unknown>) {
    super();
    this.#decide = decide;
  }

  get participants(): readonly LobbyParticipant[] {
    return [...this.#waiting.values()];
  }

  async admit(participants: LobbyParticipant | readonly LobbyParticipant[]): Promise<void> {
    await this.#settle('admitParticipants', participants);
  }

  async reject(participants: LobbyParticipant | readonly LobbyParticipant[]): Promise<void> {
    await this.#settle('denyParticipants', participants);
  }

  async admitAll(): Promise<void> {
    await this.admit(this.participants);
  }

  /** Takes over who waits now. */
  follow(entries: readonly LobbyEntry[]): void {
    const before = this.#waiting;
    const added: LobbyParticipant[] = [];
    this.#waiting = new Map(
      entries.map((entry) => {
        const { participantId } = entry;
        const known = before.get(participantId);
        const participant = known ?? participantOf(entry);
        if (known === undefined) {
          this.#everybody.add(participant);
          added.push(participant);
        }

        return [participantId, participant];
      }),
    );
    const removed = [...before.values()].filter(({ id }) => !this.#waiting.has(id));
    if (added.length + removed.length > 0) {
      this.emit('participantsUpdated', { added, removed });
    }
  }

  async #settle(
    decision: Decision,
    participants: LobbyParticipant | readonly LobbyParticipant[],
  ): Promise<void> {
    const named = [participants].flat();
    if (!named.every((one) => this.#everybody.has(one))) {
      throw new TypeError('That is nobody of this lobby.');
    }
    const ids = named.map(({ id }) => id).filter((id) => this.#waiting.has(id));
    do {
      // One after the other, as they have waited.
      // oxlint-disable-next-line no-await-in-loop
      await this.#decide(decision, ids.splice(0, maxNamed));
    } while (ids.length > 0);
  }
}

function participantOf({ participantId, identity, sinceMs }: LobbyEntry): LobbyParticipant {
  const { userId, kind, displayName } = identity;

  return {
    id: participantId,
    identity: { id: userId, type: kind },
    displayName,
    since: new Date(sinceMs),
  };
}
