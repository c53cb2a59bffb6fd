import type { Clock } from '@parley/kit';
import type { EndReasonName } from '@parley/protocol';
import type { Participant } from '../participants/Participant.ts';
import { ResumeTokens, type KeptResumeTokens } from './ResumeTokens.ts';

/** Longer than a place is kept, as a rule: who comes too late is told what became of the call. */
const memoryMs = 5 * 60_000;

/** Of all calls together. */
const maxPlaces = 10_000;

/** Whoever comes and goes in one call makes no other be forgotten. */
const maxPlacesOfCall = 1_000;

/** Nothing else of a participant is kept: they would bring with them all that they were told. */
interface EndedPlace {
  readonly callId: string;
  readonly userId: string;
  readonly resumeTokens: KeptResumeTokens;
  readonly reason: EndReasonName;
  readonly atMs: number;
}

/** Why places ended lately, for clients that were away when theirs did. */
export class EndedPlaces {
  readonly #clock: Clock;
  /** The oldest first, as in each call. */
  readonly #places = new Set<EndedPlace>();
  readonly #byCall = new Map<string, Set<EndedPlace>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Places that are remembered. */
  get size(): number {
    return this.#places.size;
  }

  remember(callId: string, { identity, resumeTokens }: Participant, reason: EndReasonName): void {
    const atMs = this.#clock.now();
    const place = { callId, userId: identity.userId, resumeTokens: resumeTokens.kept, reason, atMs };
    const places = this.#byCall.get(callId) ?? new Set();
    this.#places.add(place);
    this.#byCall.set(callId, places.add(place));
    const [oldest] = places;
    if (places.size > maxPlacesOfCall && oldest !== undefined) {
      this.#forget(oldest);
    }
    this.#forgetOld();
  }

  /** Undefined for a token that was made for no place of the user that ended lately. */
  reasonFor(callId: string, userId: string, resumeToken: string): EndReasonName | undefined {
    return [...(this.#byCall.get(callId) ?? [])].find(
      (place) => place.userId === userId && new ResumeTokens(place.resumeTokens).matches(resumeToken),
    )?.reason;
  }

  #forgetOld(): void {
    const longAgoMs = this.#clock.now() - memoryMs;
    for (const place of this.#places) {
      if (place.atMs > longAgoMs && this.#places.size <= maxPlaces) {
        return;
      }
      this.#forget(place);
    }
  }

  #forget(place: EndedPlace): void {
    const places = this.#byCall.get(place.callId);
    places?.delete(place);
    if (places?.size === 0) {
      this.#byCall.delete(place.callId);
    }
    this.#places.delete(place);
  }
}
