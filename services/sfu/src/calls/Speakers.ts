import type { CallEndpoint } from './CallEndpoint.ts';
import type { Roster } from './Roster.ts';

/** Who of a call's participants is heard to speak. */
export class Speakers {
  readonly #callId: string;
  readonly #roster: Roster;
  #participantIds: readonly string[] = [];

  constructor(callId: string, roster: Roster) {
    this.#callId = callId;
    this.#roster = roster;
  }

  /** Tells everyone who speaks now, if that has changed. The media may still hear those who have left. */
  hear(heard: readonly string[]): void {
    const present = heard.filter((id) => this.#roster.find(id) !== undefined);
    if (present.join() !== this.#participantIds.join()) {
      this.#participantIds = present;
      this.#roster.tell({
        name: 'speakersChanged',
        data: { callId: this.#callId, participantIds: present },
      });
    }
  }

  /** Somebody has left: no media says so. */
  forgetAbsent(): void {
    this.hear(this.#participantIds);
  }

  /** Somebody who goes on speaking changes nothing that a newcomer would hear of. */
  greet(newcomer: CallEndpoint): void {
    if (this.#participantIds.length > 0) {
      newcomer.notify({
        name: 'speakersChanged',
        data: { callId: this.#callId, participantIds: [...this.#participantIds] },
      });
    }
  }
}
