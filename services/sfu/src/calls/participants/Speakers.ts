import type { CallSnapshot } from '@parley/protocol';
import type { Roster } from './Roster.ts';

/** Who of a call's participants is heard to speak. */
export class Speakers {
  readonly #callId: string;
  readonly #roster: Roster;
  #participantIds: readonly string[] = [];
  #dominant: string | undefined;

  constructor(callId: string, roster: Roster) {
    this.#callId = callId;
    this.#roster = roster;
  }

  /** What a newcomer would not be told: somebody who goes on speaking changes nothing. */
  get snapshot(): Pick<CallSnapshot, 'speakers' | 'dominantSpeaker'> {
    const dominant = this.#dominant;

    return {
      speakers: [...this.#participantIds],
      ...(dominant === undefined ? {} : { dominantSpeaker: dominant }),
    };
  }

  /** Tells everyone who speaks now, if that has changed. The media may still hear those who have left. */
  hear(heard: readonly string[], dominant: string | undefined): void {
    const present = heard.filter((id) => this.#isPresent(id));
    const presentDominant = dominant !== undefined && this.#isPresent(dominant) ? dominant : undefined;
    if (present.join() !== this.#participantIds.join() || presentDominant !== this.#dominant) {
      this.#participantIds = present;
      this.#dominant = presentDominant;
      const { speakers, ...rest } = this.snapshot;
      this.#roster.tell({
        name: 'speakersChanged',
        data: { callId: this.#callId, participantIds: speakers, ...rest },
      });
    }
  }

  /** Somebody has left: no media says so. */
  forgetAbsent(): void {
    this.hear(this.#participantIds, this.#dominant);
  }

  #isPresent(participantId: string): boolean {
    return this.#roster.find(participantId) !== undefined;
  }
}
