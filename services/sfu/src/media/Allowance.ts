/**
 * So much a second, and so much at once beside that. What is used too much is carried from look to look until it is paid
 * off: who keeps quiet between bursts gains nothing by it.
 */
export class Allowance {
  readonly #perSecond: number;
  readonly #atOnce: number;
  #used = 0;

  constructor({ perSecond, atOnce }: { readonly perSecond: number; readonly atOnce: number }) {
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
  }

  /** So much was used in so many seconds; answers whether it was too much by now. */
  use(amount: number, seconds: number): boolean {
    this.#used = Math.max(0, this.#used + amount - seconds * this.#perSecond);

    return this.#used > this.#atOnce;
  }
}

/** What a stalled network, or a process that was busy, held back comes at once; so many seconds of it pass. */
export const burstSeconds = 6;
