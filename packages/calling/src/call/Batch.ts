import { createDeferred, type Deferred } from '@parley/kit';

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly outcome: Deferred<Result>;
}

/** Gathers what is asked for within one turn of the event loop, so that it travels as one request. */
export class Batch<Item, Result> {
  readonly #run: (items: Item[]) => Promise<(item: Item) => Result>;
  readonly #maxItems: number;
  #waiting: Waiting<Item, Result>[] = [];

  /** @param run Does all of them and answers with how to find the result of each. */
  constructor(maxItems: number, run: (items: Item[]) => Promise<(item: Item) => Result>) {
    this.#maxItems = maxItems;
    this.#run = run;
  }

  push(item: Item): Promise<Result> {
    const outcome = createDeferred<Result>();
    this.#waiting.push({ item, outcome });
    if (this.#waiting.length === 1) {
      queueMicrotask(() => this.#flush());
    }

    return outcome.promise;
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let start = 0; start < waiting.length; start += this.#maxItems) {
      void this.#runOne(waiting.slice(start, start + this.#maxItems));
    }
  }

  async #runOne(waiting: Waiting<Item, Result>[]): Promise<void> {
    try {
      const resultOf = await this.#run(waiting.map(({ item }) => item));
      for (const { item, outcome } of waiting) {
        outcome.resolve(resultOf(item));
      }
    } catch (error) {
      for (const { outcome } of waiting) {
        outcome.reject(error);
      }
    }
  }
}
