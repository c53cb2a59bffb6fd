/** How many measurements in a row say something that lasts. */
const kept = 3;

/**
 * What one participant more is taken for until it shows in the measurements: they lag behind, and a crowd that comes
 * at once would all be sent to the worker that was idle a second ago.
 */
const joinLoad = 0.01;

/** What a process uses of one core, from 0 to 1, measured once a beat. */
export class CpuLoad {
  readonly #samples: number[] = [];
  #previous: { readonly cpuMs: number; readonly atMs: number } | undefined;
  #joins = 0;

  /** Seconds that the process has been at work so far, as of the last measurement. */
  get usedSeconds(): number {
    return (this.#previous?.cpuMs ?? 0) / 1_000;
  }

  /** The processor time used since the process began, at a time of a clock that only goes forward. */
  measured(cpuMs: number, atMs: number): void {
    const previous = this.#previous;
    this.#previous = { cpuMs, atMs };
    if (previous !== undefined && atMs > previous.atMs) {
      this.#samples.push((cpuMs - previous.cpuMs) / (atMs - previous.atMs));
      this.#samples.splice(0, this.#samples.length - kept);
      this.#joins = 0;
    }
  }

  /** So many were sent there. */
  joined(count: number): void {
    this.#joins += count;
  }

  /** As it was measured last. */
  get present(): number {
    return this.#samples.at(-1) ?? 0;
  }

  /** What it has not been below lately; 0 until there are enough measurements to say so. */
  get atLeast(): number {
    return this.#samples.length < kept ? 0 : Math.min(...this.#samples);
  }

  /** What it has not been above lately. */
  get atMost(): number {
    return Math.max(0, ...this.#samples);
  }

  /** What it is going to be with those who were sent there since. */
  get expected(): number {
    return this.present + this.#joins * joinLoad;
  }
}
