/** Counts the packets of one SSRC and those that its sequence numbers say are missing. */
export class SequenceCounter {
  #first: number | undefined;
  #highest = 0;
  #received = 0;

  get received(): number {
    return this.#received;
  }

  get lost(): number {
    return this.#first === undefined ? 0 : Math.max(0, this.#highest - this.#first + 1 - this.#received);
  }

  count(sequence: number): void {
    this.#received += 1;
    if (this.#first === undefined) {
      this.#first = sequence;
      this.#highest = sequence;
    } else {
      // How far the number is ahead, the shorter way round (RFC 1982).
      const ahead = ((sequence - (this.#highest & 0xffff) + 0x18000) & 0xffff) - 0x8000;
      this.#highest = Math.max(this.#highest, this.#highest + ahead);
    }
  }
}
