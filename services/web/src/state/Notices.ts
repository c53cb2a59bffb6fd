import { Store } from './Store.ts';

export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly detail?: string;
  readonly tone: 'calm' | 'problem';
}

/** Short messages that come and go by themselves, for what needs no decision. */
export class Notices {
  readonly #store = new Store<readonly Notice[]>([]);
  #lastId = 0;

  readonly get = this.#store.get;
  readonly subscribe = this.#store.subscribe;

  readonly show = (
    title: string,
    { detail, tone = 'calm' }: Partial<Omit<Notice, 'id' | 'title'>> = {},
  ): void => {
    this.#lastId += 1;
    const notice = { id: this.#lastId, title, tone, ...(detail === undefined ? {} : { detail }) };
    // What is said twice in a row is one message.
    this.#store.set([...this.get().filter((other) => other.title !== title), notice].slice(-3));
  };

  readonly dismiss = (id: number): void => {
    this.#store.set(this.get().filter((notice) => notice.id !== id));
  };
}
