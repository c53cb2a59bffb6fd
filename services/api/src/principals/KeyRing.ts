import type { Database } from '@parley/db';
import type { Clock } from '@parley/kit';
import type { KeyRight } from '@parley/protocol';
import { idOfSecret, matchesHash } from '../security/secrets.ts';

export interface FoundKey {
  /** `key_…` */
  readonly keyId: string;
  readonly applicationId: string;
  readonly rights: readonly KeyRight[];
}

interface CachedKey {
  readonly row: Promise<(FoundKey & { readonly secretHash: Uint8Array }) | undefined>;
  readonly readAtMs: number;
}

/** A key that another api revokes is refused here within this time. */
const maxAgeMs = 1_000;

/** Of no secret. */
const noHash = new Uint8Array(32);

/** `lastUsedAt` is as exact as this. */
const touchIntervalMs = 60_000;

/**
 * Finds API keys by their secrets. A row is read at most once a second however many requests bring its key, since a
 * backend sends the same one with each of them.
 */
export class KeyRing {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #onError: (error: unknown) => void;
  readonly #cached = new Map<string, CachedKey>();
  readonly #touchedAtMs = new Map<string, number>();

  constructor(database: Database, clock: Clock, onError: (error: unknown) => void) {
    this.#database = database;
    this.#clock = clock;
    this.#onError = onError;
  }

  /** The key that `sk_…` opens, or undefined. */
  async find(secret: string): Promise<FoundKey | undefined> {
    const body = secret.startsWith('sk_') ? secret.slice('sk_'.length) : '';
    const id = idOfSecret(body);
    if (id === undefined) {
      return undefined;
    }
    const keyId = `key_${id}`;
    const row = await this.#read(keyId);
    // The work of comparing is done for an unknown id too: the time must not tell which keys there are.
    const isRight = matchesHash(body, row?.secretHash ?? noHash);
    if (row === undefined || !isRight) {
      return undefined;
    }
    this.#touch(keyId);

    return { keyId, applicationId: row.applicationId, rights: row.rights };
  }

  /**
   * Refuses a key that is being revoked from now on: a read of its row still finds it until the transaction that
   * deletes it has ended, and what was read must not open anything for another second.
   */
  refuse(keyId: string): void {
    this.#remember(keyId, Promise.resolve(undefined));
    this.#touchedAtMs.delete(keyId);
  }

  #read(keyId: string): CachedKey['row'] {
    const nowMs = this.#clock.now();
    const present = this.#cached.get(keyId);
    if (present !== undefined && isFresh(present, nowMs)) {
      return present.row;
    }
    const row = this.#database.apiKey
      .findUnique({ where: { privateKey: keyId } })
      .then((found) =>
        found === null
          ? undefined
          : { keyId, applicationId: found.applicationId, rights: found.rights, secretHash: found.secretHash },
      );
    const entry = this.#remember(keyId, row);
    row.catch(() => {
      if (this.#cached.get(keyId) === entry) {
        this.#cached.delete(keyId);
      }
    });

    return row;
  }

  #remember(keyId: string, row: CachedKey['row']): CachedKey {
    const readAtMs = this.#clock.now();
    const entry = { row, readAtMs };
    this.#dropStale(readAtMs);
    // Anew at the end: the oldest ones come first.
    this.#cached.delete(keyId);
    this.#cached.set(keyId, entry);

    return entry;
  }

  /** Strangers may send any number of ids: what is kept of them does not outlive the second. */
  #dropStale(nowMs: number): void {
    for (const [keyId, cached] of this.#cached) {
      if (isFresh(cached, nowMs)) {
        return;
      }
      this.#cached.delete(keyId);
    }
  }

  /** Beside the request: that nobody can write when a key was used is no reason to refuse it. */
  #touch(privateKey: string): void {
    const nowMs = this.#clock.now();
    if (nowMs - (this.#touchedAtMs.get(privateKey) ?? 0) < touchIntervalMs) {
      return;
    }
    this.#touchedAtMs.set(privateKey, nowMs);
    this.#database.apiKey
      .updateMany({ where: { privateKey }, data: { lastUsedAt: new Date(nowMs) } })
      .catch((error: unknown) => {
        this.#touchedAtMs.delete(privateKey);
        this.#onError(error);
      });
  }
}

/** A clock that was put back must not make what was read before good for longer. */
function isFresh({ readAtMs }: CachedKey, nowMs: number): boolean {
  return readAtMs <= nowMs && nowMs - readAtMs < maxAgeMs;
}
