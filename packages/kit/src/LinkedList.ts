/** An item in its list. */
export interface Link<Item> {
  readonly item: Item;
  before: Link<Item> | undefined;
  after: Link<Item> | undefined;
}

/**
 * Items in the order in which they came. Each leaves in constant time, the first too: to find the first of a `Set`, V8
 * goes past all that have left there since it grew last.
 */
export class LinkedList<Item> {
  #first: Link<Item> | undefined;
  #last: Link<Item> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): Item | undefined {
    return this.#first?.item;
  }

  push(item: Item): Link<Item> {
    const link: Link<Item> = { item, before: this.#last, after: undefined };
    if (this.#last === undefined) {
      this.#first = link;
    } else {
      this.#last.after = link;
    }
    this.#last = link;
    this.#size += 1;

    return link;
  }

  /** From the first on; the one that is looked at may leave. */
  *[Symbol.iterator](): Generator<Item, void> {
    for (let link = this.#first; link !== undefined; link = link.after) {
      yield link.item;
    }
  }

  /** Once only, and of a link of this list. */
  remove({ before, after }: Link<Item>): void {
    if (before === undefined) {
      this.#first = after;
    } else {
      before.after = after;
    }
    if (after === undefined) {
      this.#last = before;
    } else {
      after.before = before;
    }
    this.#size -= 1;
  }
}
