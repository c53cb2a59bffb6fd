import { LinkedList, type Link } from './LinkedList.ts';

type Entry<Key, Value> = readonly [key: Key, value: Value];

/**
 * Values by key, the one set last at the end; beyond so many the one that was set longest ago is forgotten. All in
 * constant time: the order is not that of the `Map`, whose first key is the slower to find the more have left.
 */
export class BoundedMap<Key, Value> implements Iterable<Entry<Key, Value>> {
  readonly #max: number;
  readonly #entries = new LinkedList<Entry<Key, Value>>();
  readonly #byKey = new Map<Key, Link<Entry<Key, Value>>>();

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** What was set longest ago. */
  get oldest(): Entry<Key, Value> | undefined {
    return this.#entries.first;
  }

  get(key: Key): Value | undefined {
    return this.#byKey.get(key)?.item[1];
  }

  set(key: Key, value: Value): this {
    const before = this.#byKey.get(key);
    if (before !== undefined) {
      this.#entries.remove(before);
    }
    this.#byKey.set(key, this.#entries.push([key, value]));
    const { oldest } = this;
    if (this.size > this.#max && oldest !== undefined) {
      this.delete(oldest[0]);
    }

    return this;
  }

  /** Answers whether there was one. */
  delete(key: Key): boolean {
    const link = this.#byKey.get(key);
    if (link !== undefined) {
      this.#entries.remove(link);
    }

    return this.#byKey.delete(key);
  }

  [Symbol.iterator](): Iterator<Entry<Key, Value>> {
    return this.#entries[Symbol.iterator]();
  }
}
