import { ProtocolError, type Identity } from '@parley/protocol';
import type { Participant } from './Participant.ts';

type Place = Pick<Participant, 'turn'> & { readonly identity: Pick<Identity, 'userId'> };

/**
 * Which devices of one user stay in a call when one of them enters in place of the others. Who asked later is the one:
 * media may be there in another order than it was asked for, and of two that do so at once one has to stay.
 */
export class Siblings {
  #turn = 0;
  /** By user, the turn of the latest that has entered in place of the others. */
  readonly #replacedBefore = new Map<string, number>();

  /** The places of an earlier process, each with its turn. */
  restore(places: readonly Place[]): void {
    this.#turn = Math.max(0, ...places.map(({ turn }) => turn));
  }

  /** A device asks for the place now. */
  ask(participant: Pick<Participant, 'turn'>): void {
    this.#turn += 1;
    participant.turn = this.#turn;
  }

  /** The place stands for its user alone, but for devices that asked for theirs later. */
  replace({ identity, turn }: Place): void {
    this.#replacedBefore.set(identity.userId, Math.max(turn, this.#replacedBefore.get(identity.userId) ?? 0));
  }

  isReplaced({ identity, turn }: Place): boolean {
    return turn < (this.#replacedBefore.get(identity.userId) ?? 0);
  }

  /** Throws `joined_elsewhere` when another device of the user, which asked later, is there in place of this one. */
  requireCurrent(place: Place): void {
    if (this.isReplaced(place)) {
      throw new ProtocolError('joined_elsewhere');
    }
  }
}
