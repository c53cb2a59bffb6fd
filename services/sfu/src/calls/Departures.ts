import type { CallKind, EndReasonName } from '@parley/protocol';
import type { AloneTimer } from './AloneTimer.ts';
import type { CallMachineState } from './callMachine.ts';
import type { CallReporter } from './CallReporter.ts';
import type { EndpointDirectory } from './EndpointDirectory.ts';
import type { Entrances } from './Entrances.ts';
import type { Excesses } from './Excesses.ts';
import type { CallFeatures } from './features/CallFeatures.ts';
import type { Participant } from './participants/Participant.ts';
import type { Roster } from './participants/Roster.ts';
import type { Siblings } from './participants/Siblings.ts';
import type { Speakers } from './participants/Speakers.ts';
import type { Reconnects } from './recovery/Reconnects.ts';
import type { Removals } from './Removals.ts';
import type { Ringing } from './ringing/Ringing.ts';
import type { Lobby } from './rooms/Lobby.ts';

export interface DeparturesOptions {
  readonly callId: string;
  /** Whether a direct call is over for both when one of the two has left. */
  readonly directEndsWithEither: boolean;
  readonly roster: Roster;
  readonly ringing: Ringing;
  readonly lobby: Lobby;
  readonly entrances: Entrances;
  readonly reconnects: Reconnects;
  readonly features: CallFeatures;
  readonly speakers: Speakers;
  readonly removals: Removals;
  readonly siblings: Siblings;
  readonly excesses: Excesses;
  readonly reporter: CallReporter;
  readonly directory: EndpointDirectory;
  readonly alone: AloneTimer;
  readonly kind: () => CallKind;
  readonly state: () => CallMachineState;
  readonly end: (reason: EndReasonName) => void;
}

/** The ways out of one call, and whether it is over with them. */
export class Departures {
  readonly #options: DeparturesOptions;

  constructor(options: DeparturesOptions) {
    this.#options = options;
  }

  /** The participant is out of the call, or rings no more. Nothing happens when they are not there any more. */
  leave(participantId: string, reason: EndReasonName): void {
    const { callId, directEndsWithEither, roster, reconnects, features, speakers, reporter, kind, end } =
      this.#options;
    const participant = roster.find(participantId);
    if (participant === undefined) {
      return;
    }
    reconnects.forget(participant, reason);
    this.#vacate(participant);
    features.forget(participantId);
    reporter.left(participantId, reason);
    if (kind() === 'direct' && directEndsWithEither) {
      end(reason);
    } else {
      roster.tell({ name: 'participantLeft', data: { callId, participantId, reason } });
      speakers.forgetAbsent();
      this.endIfOver(reason);
    }
  }

  /** Takes somebody out who did not ask for it, and tells them why; who only rings is rung no more. */
  expel(participant: Participant, reason: EndReasonName): void {
    const { callId, ringing } = this.#options;
    participant.tell({ name: 'callEnded', data: { callId, reason } });
    ringing.cancel(participant.id);
    this.leave(participant.id, reason);
  }

  /** Takes somebody out who sends more than is allowed, and cannot come back for a while. */
  expelForExcess(participant: Participant): void {
    this.#options.excesses.add(participant.identity);
    this.expel(participant, 'media_excessive');
  }

  /** Takes somebody out who cannot come back, from all the places they have. */
  revoke({ identity }: Participant): void {
    const { roster, removals, lobby } = this.#options;
    const { userId } = identity;
    removals.remove(identity);
    for (const place of roster.all.filter((other) => other.identity.userId === userId)) {
      this.expel(place, 'removed');
    }
    lobby.expel((waiting) => waiting.identity.userId === userId, 'removed');
  }

  /** Takes out the other devices of the participant's user, away or before the door, unless they asked to come in later. */
  replaceSiblings(participant: Participant): void {
    const { roster, siblings, lobby } = this.#options;
    const { userId } = participant.identity;
    siblings.replace(participant);
    for (const place of roster.presentOf(userId).filter((other) => siblings.isReplaced(other))) {
      this.expel(place, 'joined_elsewhere');
    }
    lobby.expel((waiting) => siblings.isReplaced(waiting), 'joined_elsewhere');
  }

  /** Everybody is out, since the call has ended. */
  clear(): void {
    this.#options.roster.all.forEach((participant) => this.#vacate(participant));
  }

  /** Nobody is there or about to come, or nobody has come and nobody rings who could; one who is alone has a while. */
  endIfOver(reason: EndReasonName): void {
    const { roster, ringing, lobby, entrances, state, end } = this.#options;
    const isUnanswered = state() === 'ringing' && !ringing.isPending;
    const isNobodyComing = entrances.isEmpty && lobby.isEmpty;
    if (isNobodyComing && (isUnanswered || roster.present.length === 0)) {
      end(reason);
    } else {
      this.watchSolitude();
    }
  }

  /** One person in a call that is not a room, with nobody who rings or enters, is alone. */
  watchSolitude(): void {
    const { roster, entrances, alone, kind, state } = this.#options;
    const isAlone = state() === 'connected' && roster.users === 1 && entrances.isEmpty;
    alone.update(isAlone && kind() !== 'room');
  }

  #vacate(participant: Participant): void {
    const { callId, roster, directory } = this.#options;
    const endpoint = roster.remove(participant);
    if (endpoint !== undefined) {
      directory.leftCall(endpoint, callId);
    }
  }
}
