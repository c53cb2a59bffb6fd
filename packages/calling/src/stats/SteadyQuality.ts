import { good, isWorse, type Finding } from './judge.ts';
import type { Quality } from './networkQualityTypes.ts';

/** How long something must go on before it is told: what is mended within seconds need not trouble anybody. */
const worseAfterMs = 4_000;
/** Longer, so that what comes and goes stays told. */
const betterAfterMs = 8_000;

export const unknownQuality: Quality = { level: 'Unknown', reason: undefined };

type Way = 'worse' | 'better' | 'otherwise' | 'unknown';

/** A quality that follows what is found, late enough not to flicker. */
export class SteadyQuality<Found extends Finding = Finding> {
  #present: Quality | Found = unknownQuality;
  /** Since when it would be another, and what it would be: of all that was found since, that closest to the present. */
  #turn: { readonly since: number; readonly way: Way; to: Found | undefined } | undefined;

  get present(): Quality | Found {
    return this.#present;
  }

  /**
   * @param found Undefined while there is nothing to judge by.
   * @returns Whether `present` is another than before.
   */
  take(found: Found | undefined, now: number): boolean {
    const { level } = this.#present;
    const way = this.#wayTo(found);
    if (way === undefined) {
      this.#turn = undefined;

      return false;
    }
    if (this.#turn?.way !== way) {
      this.#turn = { since: now, way, to: found };
    } else if (found !== undefined && this.#turn.to !== undefined) {
      const isCloser =
        way === 'worse'
          ? isWorse(this.#turn.to.level, found.level)
          : isWorse(found.level, this.#turn.to.level);
      // The latest of those that are as close.
      this.#turn.to = isCloser || found.level === this.#turn.to.level ? found : this.#turn.to;
    }
    const isCertain =
      (way === 'worse' && found?.reason === 'connection') ||
      (level === 'Unknown' && found?.level === good.level);
    if (
      !isCertain &&
      now - this.#turn.since < (way === 'worse' || way === 'otherwise' ? worseAfterMs : betterAfterMs)
    ) {
      return false;
    }
    this.#present = this.#turn.to ?? unknownQuality;
    this.#turn = undefined;

    return true;
  }

  #wayTo(found: Found | undefined): Way | undefined {
    const { level } = this.#present;
    if (found === undefined) {
      return level === 'Unknown' ? undefined : 'unknown';
    }
    if (found.level === level) {
      // As bad as before, and not by the same: a connection that is found again is no reason any more.
      return isSame(found, this.#present) ? undefined : 'otherwise';
    }

    return isWorse(found.level, level) ? 'worse' : 'better';
  }
}

function isSame(one: Quality & { origin?: unknown }, other: Quality & { origin?: unknown }): boolean {
  return one.reason === other.reason && one.origin === other.origin;
}
