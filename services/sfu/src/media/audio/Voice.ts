/** Decibels below full scale from where on a sound is breath and room. */
const thresholdDb = 60;

/** How much of the way up one packet goes: a click is one packet, a word is many. */
const attack = 0.6;

/** The pause between two syllables, which is no silence. */
const hangMs = 120;

/** How fast somebody is no longer loud after that, decibels per millisecond. */
const releaseDbPerMs = 0.12;

/** How long it takes to be regarded as holding the floor, and as having given it up. */
const activityMs = 700;

/** How loud one microphone is, followed from packet to packet. */
export class Voice {
  readonly participantId: string;
  /** When the sound began that is going on now, or the last one. */
  onsetAtMs = 0;
  lastLoudAtMs = 0;
  /** The last peak of the loudness and when it was reached; it falls from there by itself. */
  #peak = 0;
  #peakAtMs = 0;
  #activity = 0;
  #heardAtMs = 0;

  constructor(participantId: string) {
    this.participantId = participantId;
  }

  /** @param levelDb Decibels below full scale. */
  hear(levelDb: number, nowMs: number): void {
    const loudness = this.loudnessAt(nowMs);
    const share = Math.exp((this.#heardAtMs - nowMs) / activityMs);
    this.#activity = this.#activity * share + loudness * (1 - share);
    this.#heardAtMs = nowMs;
    const energy = Math.max(0, thresholdDb - levelDb);
    if (energy === 0) {
      return;
    }
    if (loudness === 0) {
      this.onsetAtMs = nowMs;
    }
    this.lastLoudAtMs = nowMs;
    if (energy > loudness) {
      this.#peak = loudness + attack * (energy - loudness);
      this.#peakAtMs = nowMs;
    }
  }

  /** Decibels above the threshold, 0 for somebody who is silent. */
  loudnessAt(nowMs: number): number {
    return Math.max(0, this.#peak - releaseDbPerMs * Math.max(0, nowMs - this.#peakAtMs - hangMs));
  }

  /** The loudness of the last second or so: who has most of it holds the floor. */
  activityAt(nowMs: number): number {
    return this.#activity * Math.exp((this.#heardAtMs - nowMs) / activityMs);
  }
}
