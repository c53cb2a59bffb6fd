import { Store } from './Store.ts';

export interface Notice {
  readonly id: number;
  readonly title: string;
  readonly detail?: string;
  /** To be copied by hand; the message stays until it is dismissed. */
  readonly link?: string;
  readonly tone: 'calm' | 'problem';
}

const mostPassing = 3;

/** Short messages that come and go by themselves, for what needs no decision. */
export class Notices {
  readonly #store = new Store<readonly Notice[]>([]);
  #lastId = 0;

  readonly get = this.#store.get;
  readonly subscribe = this.#store.subscribe;

  readonly show = (
    title: string,
    { tone = 'calm', ...rest }: Partial<Omit<Notice, 'id' | 'title'>> = {},
  ): void => {
    this.#lastId += 1;
    // What is said twice in a row is one message.
    const shown: Notice[] = [
      ...this.get().filter((other) => other.title !== title),
      { id: this.#lastId, title, tone, ...rest },
    ];
    const passing = shown.filter(({ link }) => link === undefined).slice(-mostPassing);
    this.#store.set(shown.filter((notice) => notice.link !== undefined || passing.includes(notice)));
  };

  readonly dismiss = (id: number): void => {
    this.#store.set(this.get().filter((notice) => notice.id !== id));
  };
}
