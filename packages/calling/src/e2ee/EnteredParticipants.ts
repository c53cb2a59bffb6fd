import { Disposer } from '@parley/kit';
import type { Call } from '../call/callTypes.ts';
import type { CollectionUpdate } from '../events.ts';
import type { RemoteParticipant } from '../participants/participantTypes.ts';

/** Tells who has entered a call after this page, and who has left it: who only rings has not been there. */
export class EnteredParticipants {
  readonly #call: Call;
  readonly #onUpdated: (update: CollectionUpdate<RemoteParticipant>) => void;
  readonly #cleanups = new Disposer();
  readonly #present = new Set<RemoteParticipant>();

  constructor(call: Call, onUpdated: (update: CollectionUpdate<RemoteParticipant>) => void) {
    this.#call = call;
    this.#onUpdated = onUpdated;
    this.#cleanups.add(call.on('remoteParticipantsUpdated', (update) => this.#update(update)));
  }

  close(): void {
    this.#cleanups.dispose();
  }

  #update({ added, removed }: CollectionUpdate<RemoteParticipant>): void {
    for (const participant of added) {
      this.#cleanups.add(participant.on('stateChanged', () => this.#enter([participant])));
    }
    this.#enter(added);
    const left = removed.filter((participant) => this.#present.delete(participant));
    if (left.length > 0) {
      this.#onUpdated({ added: [], removed: left });
    }
  }

  #enter(participants: readonly RemoteParticipant[]): void {
    const entered = participants.filter(
      (participant) => !this.#present.has(participant) && isPresent(participant),
    );
    for (const participant of entered) {
      this.#present.add(participant);
    }
    // Those whom this page found there have not come.
    if (entered.length > 0 && this.#call.state !== 'Connecting' && this.#call.state !== 'InLobby') {
      this.#onUpdated({ added: entered, removed: [] });
    }
  }
}

function isPresent({ state }: RemoteParticipant): boolean {
  return state === 'Connected' || state === 'Reconnecting' || state === 'OnHold';
}
