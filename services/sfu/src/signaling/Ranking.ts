import { LinkedList, type Link } from '@parley/kit';

/** The place of an item: how many it has, and where it is among those that have as many. */
export interface Rank<Item> {
  readonly count: number;
  readonly link: Link<Item>;
}

/** Which of many has the most of something that each gets and loses one by one. All in constant time. */
export class Ranking<Item> {
  /** By how many they have, less one, since none is here that has nothing. The last of these lists is not empty. */
  readonly #byCount: LinkedList<Item>[] = [];

  /** One that has the most; of several, the one that has had as many for the longest. */
  get first(): Item | undefined {
    return this.#byCount.at(-1)?.first;
  }

  /**
   * The item has so many now, one more or one less than before. Answers its new rank, undefined when it has nothing.
   *
   * @param before Its rank until now, undefined when it had nothing.
   */
  place(item: Item, count: number, before: Rank<Item> | undefined): Rank<Item> | undefined {
    if (before !== undefined) {
      this.#byCount[before.count - 1]?.remove(before.link);
    }
    const link = count === 0 ? undefined : (this.#byCount[count - 1] ??= new LinkedList()).push(item);
    while (this.#byCount.at(-1)?.size === 0) {
      this.#byCount.pop();
    }

    return link === undefined ? undefined : { count, link };
  }
}
