import * as z from 'zod/mini';

const sessionSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), token: z.string() }),
  z.object({
    kind: z.literal('guest'),
    token: z.string(),
    /** Of the link that the guest came by. */
    code: z.string(),
    roomId: z.string(),
    roomName: z.optional(z.string()),
  }),
]);

/** Whom the page acts for: somebody who signed in, or the guest of one room. */
export type Session = z.infer<typeof sessionSchema>;

const key = 'parley.session';

/** Keeps the session over a reload of the tab, and no longer than the tab lives. */
export class SessionKeeper {
  readonly #storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

  constructor(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
    this.#storage = storage;
  }

  /** Undefined when there is none, or none that this version of the page understands. */
  load(): Session | undefined {
    const stored = this.#storage.getItem(key);
    if (stored === null) {
      return undefined;
    }
    try {
      return sessionSchema.parse(JSON.parse(stored));
    } catch {
      return undefined;
    }
  }

  save(session: Session): void {
    this.#storage.setItem(key, JSON.stringify(session));
  }

  clear(): void {
    this.#storage.removeItem(key);
  }
}
