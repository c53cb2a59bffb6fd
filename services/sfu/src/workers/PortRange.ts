/** The ports media may use on this node, each claimed by at most one worker. */
export class PortRange {
  readonly min: number;
  readonly max: number;
  readonly #claimed = new Set<number>();

  constructor(min: number, max: number) {
    if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max > 65_535 || min > max) {
      throw new TypeError(`The port range ${min} to ${max} is not one.`);
    }
    this.min = min;
    this.max = max;
  }

  /** Takes the lowest port nobody has claimed, or answers undefined when there is none. */
  claim(): number | undefined {
    for (let port = this.min; port <= this.max; port += 1) {
      if (!this.#claimed.has(port)) {
        this.#claimed.add(port);

        return port;
      }
    }

    return undefined;
  }

  release(port: number): void {
    this.#claimed.delete(port);
  }
}
