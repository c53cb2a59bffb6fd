import { exponentialBackoff, type Clock, type Timer } from '@parley/kit';
import type { ParticipantEncryptionState } from './encryptionTypes.ts';
import type { ReceptionState, WorkerEvent } from './workerMessages.ts';

/**
 * Pauses after which a picture that could not be decrypted is tried once more though no key has come: who sends it may
 * have got the right one. Each costs the sender one key frame.
 */
const againPolicy = exponentialBackoff({
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 5_000,
  maxDelayMs: 30_000,
});

/** The worst first. */
const states = {
  not_encrypted: 'NotEncrypted',
  decryption_failed: 'DecryptionFailed',
  missing_key: 'MissingKey',
  encrypted: 'Encrypted',
} as const satisfies Record<ReceptionState, ParticipantEncryptionState>;

interface ReceptionsOptions {
  clock: Clock;
  /** Has the worker tell anew how the frames of a receiver fare. */
  retry: (id: number) => void;
  /** Who is heard in a slot. */
  participantOf: (contributingSource: number) => string | undefined;
  onChanged: (participantId: string, state: ParticipantEncryptionState) => void;
}

interface Reception {
  /** Undefined in a slot. */
  readonly participantId: string | undefined;
  /** Undefined for sound, which asks nothing of its sender when it cannot be decrypted. */
  readonly setReadable: ((isReadable: boolean) => void) | undefined;
  readonly states: Map<string, ReceptionState>;
  retrying: Timer | undefined;
  /** Since a frame was last decrypted. */
  failures: number;
}

/** How the frames of all receivers fare, and what follows: pictures are paused, and the application is told. */
export class Receptions {
  readonly #options: ReceptionsOptions;
  readonly #receptions = new Map<number, Reception>();
  readonly #told = new Map<string, ParticipantEncryptionState>();

  constructor(options: ReceptionsOptions) {
    this.#options = options;
  }

  stateOf(participantId: string): ParticipantEncryptionState {
    return this.#told.get(participantId) ?? 'Unknown';
  }

  add(id: number, participantId: string | undefined, setReadable: Reception['setReadable']): void {
    const reception = { participantId, setReadable, states: new Map(), retrying: undefined, failures: 0 };
    this.#receptions.set(id, reception);
  }

  remove(id: number): void {
    const reception = this.#receptions.get(id);
    this.#receptions.delete(id);
    reception?.retrying?.cancel();
    for (const participantId of reception?.states.keys() ?? []) {
      this.#settle(participantId);
    }
  }

  apply({ id, state, contributingSource }: Extract<WorkerEvent, { name: 'received' }>): void {
    const reception = this.#receptions.get(id);
    if (reception === undefined) {
      return;
    }
    if (state === 'encrypted') {
      reception.failures = 0;
      reception.retrying?.cancel();
      reception.retrying = undefined;
    } else {
      this.#withhold(reception, id);
    }
    const { participantId = participantHeard(contributingSource, this.#options) } = reception;
    if (participantId !== undefined) {
      reception.states.set(participantId, state);
      this.#settle(participantId);
    }
  }

  /** A key has come. */
  retryAll(): void {
    for (const [id, reception] of this.#receptions) {
      if (reception.retrying !== undefined) {
        // Who sends it may take that key a little later.
        reception.failures = 0;
        this.#retry(reception, id);
      }
    }
  }

  /** They have left. */
  forget(participantId: string): void {
    this.#told.delete(participantId);
  }

  /** Nothing is received any more. */
  close(): void {
    for (const { retrying } of this.#receptions.values()) {
      retrying?.cancel();
    }
    this.#receptions.clear();
    this.#told.clear();
  }

  #withhold(reception: Reception, id: number): void {
    const { setReadable } = reception;
    if (setReadable !== undefined && reception.retrying === undefined) {
      setReadable(false);
      reception.failures += 1;
      const delayMs = againPolicy(reception.failures + 1) ?? 0;
      reception.retrying = this.#options.clock.schedule(delayMs, () => this.#retry(reception, id));
    }
  }

  #retry(reception: Reception, id: number): void {
    reception.retrying?.cancel();
    reception.retrying = undefined;
    this.#options.retry(id);
    reception.setReadable?.(true);
  }

  #settle(participantId: string): void {
    const found = [...this.#receptions.values()].flatMap(({ states: of }) => of.get(participantId) ?? []);
    const worst = (Object.keys(states) as ReceptionState[]).find((state) => found.includes(state));
    // While nothing of them is received it is as it was.
    const state = worst === undefined ? this.stateOf(participantId) : states[worst];
    if (state !== this.stateOf(participantId)) {
      this.#told.set(participantId, state);
      this.#options.onChanged(participantId, state);
    }
  }
}

function participantHeard(
  contributingSource: number | undefined,
  { participantOf }: ReceptionsOptions,
): string | undefined {
  return contributingSource === undefined ? undefined : participantOf(contributingSource);
}
