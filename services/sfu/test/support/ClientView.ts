import type { CallSnapshot, Notification, ParticipantInfo, Resumed } from '@parley/protocol';
import type { FakeDevice } from './callWorld.ts';

type Numbered = Notification & { readonly sequence: number };

/** What a client knows of a call that believes the snapshot it was given, and then what it is told. */
export class ClientView {
  /** Of the last notification it knows of. */
  sequence: number;
  hasEnded = false;
  #call: CallSnapshot | undefined;

  /** @param call Missing while the client waits to be let in. */
  constructor(sequence: number, call?: CallSnapshot) {
    this.sequence = sequence;
    this.#call = call;
  }

  /** Undefined before the door. */
  get participants(): Record<string, Pick<ParticipantInfo, 'state' | 'role' | 'isOnHold'>> | undefined {
    const all = this.#call?.participants.map(({ id, state, role, isOnHold }) => [
      id,
      { state, role, isOnHold },
    ]);

    return all && (Object.fromEntries(all) as Record<string, ParticipantInfo>);
  }

  get lobby(): string[] {
    return this.#call?.lobby?.map(({ participantId }) => participantId) ?? [];
  }

  /**
   * Takes in what the device was told and the view does not know of yet; throws when a number is missing.
   *
   * @param from What was told before is about another place in the call.
   */
  read({ told }: FakeDevice, from = 0): void {
    for (const notification of told.slice(from) as Numbered[]) {
      if (notification.sequence !== undefined && notification.sequence > this.sequence) {
        this.#take(notification);
      }
    }
  }

  catchUp(answer: Exclude<Resumed, { action: 'stop' | 'redirect' }>): void {
    const { missed, snapshot } = answer as typeof answer & {
      snapshot?: { sequence: number; call: CallSnapshot };
    };
    if (snapshot !== undefined) {
      this.#call = snapshot.call;
      this.sequence = snapshot.sequence;
    }
    missed.forEach((notification) => this.#take(notification as Numbered));
    this.sequence = answer.sequence;
  }

  #take({ sequence, ...notification }: Numbered): void {
    if (sequence !== this.sequence + 1) {
      throw new Error(`Notification ${sequence} follows ${this.sequence}.`);
    }
    this.sequence = sequence;
    this.#apply(notification);
  }

  #apply({ name, data }: Notification): void {
    if (name === 'admitted') {
      this.#call = data.joined.call;
    } else if (name === 'callEnded') {
      this.hasEnded = true;
    } else if (name === 'participantJoined') {
      this.#set(data.participant);
    } else if (name === 'participantLeft') {
      this.#change(data.participantId, undefined);
    } else if (name === 'participantStateChanged') {
      this.#change(data.participantId, { state: data.state });
    } else if (name === 'roleChanged') {
      this.#change(data.participantId, { role: data.role });
    } else if (name === 'holdChanged') {
      this.#change(data.participantId, { isOnHold: data.isOnHold });
    } else if (name === 'lobbyChanged' && this.#call !== undefined) {
      this.#call = { ...this.#call, lobby: data.lobby };
    }
  }

  #set(participant: ParticipantInfo): void {
    this.#change(participant.id, undefined);
    this.#call?.participants.push(participant);
  }

  #change(participantId: string, change: Partial<ParticipantInfo> | undefined): void {
    if (this.#call === undefined) {
      return;
    }
    const participants = this.#call.participants.flatMap((one) => {
      if (one.id !== participantId) {
        return [one];
      }

      return change === undefined ? [] : [{ ...one, ...change }];
    });
    this.#call = { ...this.#call, participants };
  }
}
