import type { Clock } from '@parley/kit';
import type { EndReasonName } from '@parley/protocol';
import type { Participant } from '../participants/Participant.ts';

/** Longer than a place is kept, as a rule: who comes too late is told what became of the call. */
const memoryMs = 5 * 60_000;

/** Of all calls together. */
const maxCalls = 10_000;

interface EndedIn {
  readonly places: { readonly participant: Participant; readonly reason: EndReasonName }[];
  /** When the latest of them ended. */
  atMs: number;
}

/** Why places ended lately, for clients that were away when theirs did. */
export class EndedPlaces {
  readonly #clock: Clock;
  /** By call, the one that was added to last at the end. */
  readonly #byCall = new Map<string, EndedIn>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  remember(callId: string, participant: Participant, reason: EndReasonName): void {
    const nowMs = this.#clock.now();
    const ended = this.#byCall.get(callId) ?? { places: [], atMs: nowMs };
    ended.places.push({ participant, reason });
    ended.atMs = nowMs;
    this.#byCall.delete(callId);
    this.#byCall.set(callId, ended);
    this.#forgetOld();
  }

  /** Undefined for a token that was made for no place of the user that ended lately. */
  reasonFor(callId: string, userId: string, resumeToken: string): EndReasonName | undefined {
    return this.#byCall
      .get(callId)
      ?.places.find(
        ({ participant }) =>
          participant.identity.userId === userId && participant.resumeTokens.matches(resumeToken),
      )?.reason;
  }

  #forgetOld(): void {
    const longAgoMs = this.#clock.now() - memoryMs;
    for (const [callId, { atMs }] of this.#byCall) {
      if (atMs > longAgoMs && this.#byCall.size <= maxCalls) {
        return;
      }
      this.#byCall.delete(callId);
    }
  }
}
