import { createStateMachine, type StateMachine, type Timer } from '@parley/kit';
import type { CallEndpoint } from '../CallEndpoint.ts';
import type { Entrant } from '../callTypes.ts';
import type { Participant } from '../participants/Participant.ts';

type WaiterState = 'waiting' | 'away' | 'entering' | 'gone';

/** `resume` may come before the loss was noticed: from `waiting`. */
const transitions = {
  waiting: ['waiting', 'away', 'entering', 'gone'],
  away: ['waiting', 'entering', 'gone'],
  entering: ['gone'],
  gone: [],
} as const satisfies Record<WaiterState, readonly WaiterState[]>;

/**
 * Somebody before the door of a room's call, who has a place and a number of their own already.
 *
 *               lose                  admit
 *     waiting ◄─────────► away ────────────────┐
 *       │  │     resume     │                  ▼
 *       │  └────── admit ───┼─────────────► entering
 *       │ leave             │ leave            │ leave: in the call, or not let in after all
 *       ▼                   ▼                  ▼
 *      gone ◄───────────────┴──────────────────┘
 */
export class Waiter {
  readonly participant: Participant;
  readonly sinceMs: number;
  readonly #machine: StateMachine<WaiterState> = createStateMachine<WaiterState>({
    name: 'waiter',
    initial: 'waiting',
    transitions,
  });
  #entrant: Entrant;
  /** Runs while they are away. */
  #grace: Timer | undefined;
  #entered: Promise<void> | undefined;

  constructor(participant: Participant, entrant: Entrant, sinceMs: number) {
    this.participant = participant;
    this.sinceMs = sinceMs;
    this.#entrant = { ...entrant, waited: participant };
    participant.claimant = entrant.endpoint;
    participant.mailbox.attach(entrant.endpoint);
  }

  /** With the endpoint that waits, or did before its connection was lost. */
  get entrant(): Entrant {
    return this.#entrant;
  }

  get isEntering(): boolean {
    return this.#machine.state === 'entering';
  }

  /** Settled once they are in, or will not be. */
  get entered(): Promise<void> | undefined {
    return this.#entered;
  }

  /** The connection is lost: they are waited for until `grace` is over. */
  lose(grace: Timer): void {
    this.#machine.go('away');
    this.#grace = grace;
    this.participant.mailbox.detach();
  }

  resume(endpoint: CallEndpoint): void {
    this.#machine.go('waiting');
    this.#grace?.cancel();
    this.#entrant = { ...this.#entrant, endpoint };
    this.participant.mailbox.attach(endpoint);
  }

  admit(enter: (entrant: Entrant) => Promise<void>): Promise<void> {
    this.#machine.go('entering');
    this.#grace?.cancel();
    this.#entered = enter(this.#entrant);

    return this.#entered;
  }

  /** They wait no more. */
  leave(): void {
    this.#machine.go('gone');
    this.#grace?.cancel();
  }
}
