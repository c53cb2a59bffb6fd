/** Records that were read, the least recently used of which are forgotten. */
export class Remembered<Value> {
  readonly #most: number;
  readonly #values = new Map<string, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: Value | undefined): void {
    this.#values.delete(key);
    if (value === undefined) {
      return;
    }
    this.#values.set(key, value);
    const [oldest] = this.#values.keys();
    if (this.#values.size > this.#most && oldest !== undefined) {
      this.#values.delete(oldest);
    }
  }

  get entries(): [key: string, value: Value][] {
    return [...this.#values];
  }
}
