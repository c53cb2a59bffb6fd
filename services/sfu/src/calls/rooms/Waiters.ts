import { ProtocolError, type LobbyEntry } from '@parley/protocol';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { Participant } from '../participants/Participant.ts';
import { UserIndex } from '../participants/UserIndex.ts';
import type { Waiter } from './Waiter.ts';

/** Those before the door of one call, in the order in which they came; who is being let in is among them until they are. */
export class Waiters {
  readonly #byId = new Map<string, Waiter>();
  readonly #byUser = new UserIndex();

  get size(): number {
    return this.#byId.size;
  }

  get all(): Waiter[] {
    return [...this.#byId.values()];
  }

  /** Those who wait, and are not being let in. */
  get present(): Waiter[] {
    return this.all.filter(({ isEntering }) => !isEntering);
  }

  get entries(): LobbyEntry[] {
    return this.present.map(({ participant: { id, identity }, sinceMs }) => ({
      participantId: id,
      identity,
      sinceMs,
    }));
  }

  add(waiter: Waiter): void {
    this.#byId.set(waiter.participant.id, waiter);
    this.#byUser.add(waiter.participant);
  }

  /** Also of somebody who is being let in. */
  get(participantId: string): Waiter | undefined {
    return this.#byId.get(participantId);
  }

  /** Who waits on the device, or did before its connection was lost. */
  at(endpoint: CallEndpoint): Waiter | undefined {
    return this.present.find(({ entrant }) => entrant.endpoint === endpoint);
  }

  /** Each of those named once. Throws `not_found` when one of them does not wait. */
  named(participantIds: readonly string[]): Waiter[] {
    return [...new Set(participantIds)].map((id) => {
      const waiter = this.#byId.get(id);
      if (waiter === undefined || waiter.isEntering) {
        throw new ProtocolError('not_found', 'Nobody of that id waits to be let in.');
      }

      return waiter;
    });
  }

  /** The place the token was made for, also of somebody who is being let in. */
  resumable({ identity }: Pick<CallEndpoint, 'identity'>, resumeToken: string): Participant | undefined {
    return this.#byUser.of(identity.userId).find(({ resumeTokens }) => resumeTokens.matches(resumeToken));
  }

  delete({ participant }: Waiter): void {
    this.#byId.delete(participant.id);
    this.#byUser.delete(participant);
  }

  clear(): void {
    this.#byId.clear();
    this.#byUser.clear();
  }
}
