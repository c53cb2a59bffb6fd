/** So many seconds in a row it must be too slow for it to be said. */
const slowSeconds = 3;

/** Of the frames that are captured. */
const enough = 0.6;

/** Says, once a second at most, that fewer frames come out of a processor than go into it. */
export class FrameRateWatch {
  readonly #timer: ReturnType<typeof setInterval>;
  #frames = 0;
  #slow = 0;

  constructor(track: MediaStreamTrack, onLow: (framesPerSecond: number) => void) {
    this.#timer = setInterval(() => {
      const { frameRate } = track.getSettings();
      const frames = this.#frames;
      this.#frames = 0;
      // Nothing is captured of a camera that the system has muted.
      const isSlow = frameRate !== undefined && !track.muted && frames < frameRate * enough;
      this.#slow = isSlow ? this.#slow + 1 : 0;
      if (this.#slow >= slowSeconds) {
        onLow(frames);
      }
    }, 1_000);
  }

  /** A frame has come out. */
  count(): void {
    this.#frames += 1;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
