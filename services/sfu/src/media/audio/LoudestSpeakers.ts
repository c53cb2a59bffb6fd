import type { Voice } from './Voice.ts';

/** Decibels by which somebody must be louder than the one they displace, so that two equals do not take turns. */
const marginDb = 6;

/** A voice that got a slot keeps it for so long against all who are merely louder. */
const holdMs = 200;

/** What of activity it takes to get the floor from somebody. */
const floorMargin = 4;

/** Who has the slot from now on, and who had it. */
export interface SlotChange {
  readonly slot: number;
  readonly enters: Voice;
  readonly leaves: Voice | undefined;
}

interface Holder {
  readonly voice: Voice;
  readonly sinceMs: number;
}

/**
 * Decides who is heard: gives out as many slots as may be heard at once. Who has one keeps it, silent or not, until
 * somebody needs it: first those who are silent lose theirs, then the one who stands out least. Who holds the floor
 * never does, unless to another device of their own.
 */
export class LoudestSpeakers {
  readonly #holders: (Holder | undefined)[];
  readonly #slots = new Map<Voice, number>();
  #dominant: Voice | undefined;

  constructor(slotCount: number) {
    this.#holders = Array.from({ length: slotCount }, () => undefined);
  }

  /** Who holds the floor, also in their pauses; undefined until somebody has spoken. */
  get dominant(): Voice | undefined {
    return this.#dominant;
  }

  slotOf(voice: Voice): number | undefined {
    return this.#slots.get(voice);
  }

  holderOf(slot: number): Voice | undefined {
    return this.#holders[slot]?.voice;
  }

  /** Who of those with a slot is speaking, the loudest first. */
  speakersAt(nowMs: number): Voice[] {
    return [...this.#slots.keys()]
      .filter((voice) => voice.prominenceAt(nowMs) > 0)
      .toSorted((one, other) => other.activityAt(nowMs) - one.activityAt(nowMs));
  }

  /** One more packet of somebody; answers what changes by it. */
  hear(voice: Voice, levelDb: number, nowMs: number): SlotChange | undefined {
    voice.hear(levelDb, nowMs);
    if (this.#slots.has(voice)) {
      this.#contendForFloor(voice, nowMs);

      return undefined;
    }
    if (voice.prominenceAt(nowMs) === 0) {
      return undefined;
    }
    const slot = this.#slotFor(voice, nowMs);

    return slot === undefined ? undefined : this.#give(slot, voice, nowMs);
  }

  /** Somebody is gone, or muted; answers the slot that is free by it. */
  forget(voice: Voice): number | undefined {
    const slot = this.#slots.get(voice);
    if (slot !== undefined) {
      this.#slots.delete(voice);
      this.#holders[slot] = undefined;
    }
    if (this.#dominant === voice) {
      this.#dominant = undefined;
    }

    return slot;
  }

  #give(slot: number, voice: Voice, nowMs: number): SlotChange {
    const leaves = this.holderOf(slot);
    if (leaves !== undefined) {
      this.#slots.delete(leaves);
    }
    this.#holders[slot] = { voice, sinceMs: nowMs };
    this.#slots.set(voice, slot);

    return { slot, enters: voice, leaves };
  }

  #contendForFloor(voice: Voice, nowMs: number): void {
    if (voice !== this.#dominant) {
      const activity = this.#dominant?.activityAt(nowMs) ?? 0;
      if (voice.activityAt(nowMs) > activity + floorMargin) {
        this.#dominant = voice;
      }
    }
  }

  /** The slot that somebody who is speaking may have now: of all the devices of a user one is heard. */
  #slotFor(voice: Voice, nowMs: number): number | undefined {
    const own = this.#holders.findIndex((holder) => holder?.voice.userId === voice.userId);
    const free = this.#holders.indexOf(undefined);
    if (own < 0 && free >= 0) {
      return free;
    }
    const slot = own < 0 ? this.#weakest(nowMs) : own;
    const holder = this.#holders[slot];
    if (holder === undefined) {
      return undefined;
    }
    const prominence = holder.voice.prominenceAt(nowMs);
    const isTakeable =
      prominence === 0 ||
      (nowMs - holder.sinceMs >= holdMs && voice.prominenceAt(nowMs) > prominence + marginDb);

    return isTakeable ? slot : undefined;
  }

  /** The slot whose holder stands out least, and among equals has been silent for longest; -1 if there is none. */
  #weakest(nowMs: number): number {
    let weakest = -1;
    let least = Infinity;
    let sinceMs = Infinity;
    for (const [slot, holder] of this.#holders.entries()) {
      if (holder === undefined || holder.voice === this.#dominant) {
        continue;
      }
      const prominence = holder.voice.prominenceAt(nowMs);
      const { lastLoudAtMs } = holder.voice;
      if (prominence < least || (prominence === least && lastLoudAtMs < sinceMs)) {
        weakest = slot;
        least = prominence;
        sinceMs = lastLoudAtMs;
      }
    }

    return weakest;
  }
}
