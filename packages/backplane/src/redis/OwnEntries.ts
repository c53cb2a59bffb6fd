import type { Ownership } from './Ownership.ts';

/** Put at once when all of them are put again. */
const atOnce = 100;

export interface OwnEntriesOptions<Entry> {
  readonly put: (entry: Entry) => Promise<void>;
  readonly remove: (entry: Entry) => Promise<void>;
}

/**
 * What this process has put into Redis. Nothing fails when Redis is away: what should be there, and what should not,
 * is brought about when it is back.
 */
export class OwnEntries<Entry> {
  readonly #ownership: Ownership;
  readonly #options: OwnEntriesOptions<Entry>;
  readonly #present = new Map<string, Entry>();
  /** To be taken away once that is possible. */
  readonly #gone = new Map<string, Entry>();

  constructor(ownership: Ownership, options: OwnEntriesOptions<Entry>) {
    this.#ownership = ownership;
    this.#options = options;
    ownership.add(() => this.#putAll());
  }

  get(key: string): Entry | undefined {
    return this.#present.get(key);
  }

  async put(key: string, entry: Entry): Promise<void> {
    this.#present.set(key, entry);
    this.#gone.delete(key);
    await this.#try(() => this.#options.put(entry));
  }

  async remove(key: string, entry: Entry): Promise<void> {
    this.#present.delete(key);
    this.#gone.set(key, entry);
    await this.#try(() => this.#erase(key, entry));
  }

  /** It belongs to somebody else by now. */
  forget(key: string): void {
    this.#present.delete(key);
  }

  async #try(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch {
      this.#ownership.putSoon();
    }
  }

  async #erase(key: string, entry: Entry): Promise<void> {
    await this.#options.remove(entry);
    if (this.#gone.get(key) === entry) {
      this.#gone.delete(key);
    }
  }

  async #putAll(): Promise<void> {
    const writes = [
      ...[...this.#gone].map(
        ([key, entry]) =>
          () =>
            this.#erase(key, entry),
      ),
      // Those that are there still when it is their turn.
      ...[...this.#present.keys()].map((key) => async () => {
        const entry = this.#present.get(key);
        await (entry === undefined ? undefined : this.#options.put(entry));
      }),
    ];
    for (let first = 0; first < writes.length; first += atOnce) {
      await Promise.all(writes.slice(first, first + atOnce).map((write) => write()));
    }
  }
}
