import type { Playback } from '../rendering/Playback.ts';

/** All that is played of one call, and whether this person hears it. */
export class IncomingSound {
  readonly #playbacks = new Set<Playback>();
  #isMuted = false;

  get isMuted(): boolean {
    return this.#isMuted;
  }

  /** It goes by what is wanted now, and later, until it is stopped. */
  add(playback: Playback): Playback {
    this.#playbacks.add(playback);
    playback.setMuted(this.#isMuted);

    return {
      ...playback,
      stop: () => {
        this.#playbacks.delete(playback);
        playback.stop();
      },
    };
  }

  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    for (const playback of this.#playbacks) {
      playback.setMuted(isMuted);
    }
  }
}
