/** Whether something has gone on for a while. */
export class Lasting {
  readonly #ms: number;
  #since: number | undefined;

  constructor(ms: number) {
    this.#ms = ms;
  }

  take(isSo: boolean, now: number): boolean {
    this.#since = isSo ? (this.#since ?? now) : undefined;

    return this.#since !== undefined && now - this.#since >= this.#ms;
  }
}
