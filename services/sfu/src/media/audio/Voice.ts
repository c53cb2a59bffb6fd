/** Decibels below full scale from where on a sound is breath and room. */
const thresholdDb = 60;

/** What is louder counts for no more: nobody speaks so that this would mean anything, and it is easily said. */
const loudestDb = 20;

/** How fast what goes on evenly is taken for noise, decibels per millisecond: speech takes a breath before. */
const noiseDbPerMs = 0.006;

/** How much of the way up one packet goes: a click is one packet, a word is many. */
const attack = 0.6;

/** The pause between two syllables, which is no silence. */
const hangMs = 120;

/** How fast somebody is no longer loud after that, decibels per millisecond. */
const releaseDbPerMs = 0.12;

/** How long it takes to be regarded as holding the floor, and as having given it up. */
const activityMs = 700;

/**
 * How loud one microphone is, followed from packet to packet. It is its sender who says how loud a packet is, so that
 * counts for no more than somebody who speaks could bring about.
 */
export class Voice {
  readonly participantId: string;
  /** Whose it is: one user may be there with several devices. */
  readonly userId: string;
  /** When the sound began that is going on now, or the last one. */
  onsetAtMs = 0;
  lastLoudAtMs = 0;
  /** The last peak of the loudness and when it was reached; it falls from there by itself. */
  #peak = 0;
  #peakAtMs = 0;
  /** What of the loudness was there without a pause when it was heard last. */
  #noise = 0;
  #activity = 0;
  #heardAtMs = 0;

  constructor(participantId: string, userId = participantId) {
    this.participantId = participantId;
    this.userId = userId;
  }

  /** @param levelDb Decibels below full scale. */
  hear(levelDb: number, nowMs: number): void {
    const loudness = this.loudnessAt(nowMs);
    const share = Math.exp((this.#heardAtMs - nowMs) / activityMs);
    this.#activity = this.#activity * share + this.prominenceAt(nowMs) * (1 - share);
    this.#noise = this.#noiseAt(nowMs);
    this.#heardAtMs = nowMs;
    const energy = Math.max(0, thresholdDb - Math.max(levelDb, loudestDb));
    if (energy === 0) {
      return;
    }
    if (loudness === 0) {
      this.onsetAtMs = nowMs;
    }
    this.lastLoudAtMs = nowMs;
    if (energy >= loudness) {
      this.#peak = loudness + attack * (energy - loudness);
      this.#peakAtMs = nowMs;
    }
  }

  /** Decibels above the threshold, 0 for somebody who is silent. */
  loudnessAt(nowMs: number): number {
    return Math.max(0, this.#peak - releaseDbPerMs * Math.max(0, nowMs - this.#peakAtMs - hangMs));
  }

  /** What of the loudness stands out from what goes on evenly: by how much somebody is speaking, decibels. */
  prominenceAt(nowMs: number): number {
    return this.loudnessAt(nowMs) - this.#noiseAt(nowMs);
  }

  /** The prominence of the last second or so: who has most of it holds the floor. */
  activityAt(nowMs: number): number {
    return this.#activity * Math.exp((this.#heardAtMs - nowMs) / activityMs);
  }

  #noiseAt(nowMs: number): number {
    return Math.min(
      this.loudnessAt(nowMs),
      this.#noise + noiseDbPerMs * Math.max(0, nowMs - this.#heardAtMs),
    );
  }
}
