import type { Admission } from '@parley/backplane';
import type { Database, SigningKey as SigningKeyRow, Transaction } from '@parley/db';
import type { Clock, Timer } from '@parley/kit';
import { maxTokenSeconds } from '@parley/protocol';
import { generateSigningJwk, loadSigningKey, type SigningKey } from '@parley/tokens';
import * as z from 'zod';
import type { Vault } from '../security/Vault.ts';

export interface SigningKeysOptions {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly admission: Pick<Admission, 'putSigningKeys'>;
  /** Told of readings that failed: the keys known already stay in use. */
  readonly onError: (error: unknown) => void;
}

/** A key that another api makes signs there at once, and here after this time. */
const reloadIntervalMs = 60_000;

/** Strangers may name any key: their tokens do not make the database busy. */
const unknownKeyIntervalMs = 1_000;

/**
 * How long a key verifies after it was replaced: as long as the longest session token, and some more for another
 * api, which goes on signing with it until it reads the keys again.
 */
export const retiredKeyLifetimeMs = maxTokenSeconds * 1000 + 10 * reloadIntervalMs;

const sealPurpose = 'signing-key';

/** Apis that start together on a new database, or rotate together, take turns. */
const lockKey = 0x6b_6579;

const privateJwkSchema = z.looseObject({ kid: z.string(), kty: z.string(), crv: z.string() });

interface LoadedKey extends SigningKey {
  /** Undefined for the key that signs. */
  readonly verifiesUntilMs: number | undefined;
}

/**
 * The service's keys. They lie in the database, sealed under the master key, and are read again every minute and
 * when a token of an unknown key comes: a rotation reaches every api without a restart.
 */
export class SigningKeys {
  readonly #options: SigningKeysOptions;
  #keys: readonly LoadedKey[] = [];
  #publicJwks: readonly SigningKey['publicJwk'][] = [];
  #reloading: Promise<void> | undefined;
  #unknownKeyAtMs = -Infinity;
  #timer: Timer | undefined;
  #isClosed = false;

  private constructor(options: SigningKeysOptions) {
    this.#options = options;
  }

  /** Reads and publishes the keys; the first start makes one. Throws when the master key is not theirs. */
  static async open(options: SigningKeysOptions): Promise<SigningKeys> {
    const keys = new SigningKeys(options);
    await keys.reload();

    return keys;
  }

  /** Signs new tokens. */
  get current(): SigningKey {
    const current = this.#keys.find(({ verifiesUntilMs }) => verifiesUntilMs === undefined);
    if (current === undefined) {
      throw new Error('The database holds no signing key.');
    }

    return current;
  }

  /** Verify: the current key and those before it whose tokens may still be valid. */
  get publicJwks(): readonly SigningKey['publicJwk'][] {
    const nowMs = this.#options.clock.now();
    if (this.#keys.some((key) => !verifies(key.verifiesUntilMs, nowMs))) {
      this.#use(this.#keys.filter((key) => verifies(key.verifiesUntilMs, nowMs)));
    }

    return this.#publicJwks;
  }

  /** The same for a token of the key `kid`: one that is not known may have been made by another api just now. */
  async publicJwksFor(kid: string | undefined): Promise<readonly SigningKey['publicJwk'][]> {
    const isKnown = kid === undefined || this.#keys.some((key) => key.kid === kid);
    if (!isKnown) {
      const nowMs = this.#options.clock.now();
      if (this.#reloading === undefined && nowMs - this.#unknownKeyAtMs >= unknownKeyIntervalMs) {
        this.#unknownKeyAtMs = nowMs;
        await this.refresh();
      } else {
        await this.#reloading?.catch(() => undefined);
      }
    }

    return this.publicJwks;
  }

  /** Reads the keys again, and publishes them. */
  async reload(): Promise<void> {
    this.#reloading ??= this.#options.database
      .$transaction(async (transaction) => {
        await this.#lock(transaction);

        return this.#publish(transaction);
      })
      .then((keys) => this.#use(keys))
      .finally(() => {
        this.#reloading = undefined;
      });
    await this.#reloading;
  }

  /**
   * Makes a new key, which whoever verifies knows before this returns. It signs once the transaction is committed:
   * `refresh()` then waits until it does.
   */
  async rotate(transaction: Transaction): Promise<SigningKeyRow> {
    await this.#lock(transaction);
    const row = await this.#replace(transaction);
    // The transaction may yet fail, and then this key never was. The reading waits for its end.
    void this.refresh();

    return row;
  }

  /** Rotates when the current key is older than that; of several apis that ask at once, one does it. */
  async rotateIfOlderThan(transaction: Transaction, ageMs: number): Promise<SigningKeyRow | undefined> {
    await this.#lock(transaction);
    const createdAfter = new Date(this.#options.clock.now() - ageMs);
    const young = await transaction.signingKey.count({
      where: { verifiesUntil: null, createdAt: { gt: createdAfter } },
    });

    return young > 0 ? undefined : this.rotate(transaction);
  }

  /** Reads the keys again if the database answers; otherwise those known stay in use. */
  async refresh(): Promise<void> {
    try {
      await this.reload();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** Reads the keys again every minute from now on. */
  keepFresh(): void {
    const readAndGoOn = async (): Promise<void> => {
      await this.refresh();
      if (!this.#isClosed) {
        this.keepFresh();
      }
    };
    this.#timer = this.#options.clock.schedule(reloadIntervalMs, () => void readAndGoOn());
  }

  /** The database may be closed afterwards. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#reloading?.catch(() => undefined);
  }

  async #lock(transaction: Transaction): Promise<void> {
    await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${lockKey})`;
  }

  /** Publishes under the lock, so that no api overwrites a newer list with an older one. */
  async #publish(transaction: Transaction): Promise<readonly LoadedKey[]> {
    if ((await transaction.signingKey.count({ where: { verifiesUntil: null } })) === 0) {
      await this.#create(transaction);
    }
    const rows = await transaction.signingKey.findMany({
      where: { OR: [{ verifiesUntil: null }, { verifiesUntil: { gt: this.#now } }] },
      orderBy: [{ createdAt: 'desc' }, { kid: 'asc' }],
    });
    const keys = await Promise.all(rows.map((row) => this.#load(row)));
    await this.#options.admission.putSigningKeys(keys.map(({ publicJwk }) => publicJwk));

    return keys;
  }

  async #replace(transaction: Transaction): Promise<SigningKeyRow> {
    const nowMs = this.#options.clock.now();
    await transaction.signingKey.deleteMany({ where: { verifiesUntil: { lte: new Date(nowMs) } } });
    await transaction.signingKey.updateMany({
      where: { verifiesUntil: null },
      data: { verifiesUntil: new Date(nowMs + retiredKeyLifetimeMs) },
    });
    const row = await this.#create(transaction);
    await this.#publish(transaction);

    return row;
  }

  async #create(transaction: Transaction): Promise<SigningKeyRow> {
    const jwk = await generateSigningJwk();

    return transaction.signingKey.create({
      data: {
        kid: jwk.kid,
        sealedJwk: this.#options.vault.seal(sealPurpose, jwk.kid, JSON.stringify(jwk)),
        createdAt: this.#now,
      },
    });
  }

  async #load({ kid, sealedJwk, verifiesUntil }: SigningKeyRow): Promise<LoadedKey> {
    const known = this.#keys.find((key) => key.kid === kid);
    const key = known ?? (await loadSigningKey(this.#unseal(kid, sealedJwk)));

    return { ...key, verifiesUntilMs: verifiesUntil?.getTime() };
  }

  #unseal(kid: string, sealedJwk: Uint8Array): z.infer<typeof privateJwkSchema> {
    let text: string;
    try {
      text = this.#options.vault.open(sealPurpose, kid, sealedJwk);
    } catch (error) {
      throw new Error(
        'The signing keys in the database are sealed under another master key: set PARLEY_MASTER_KEY to the one ' +
          'they were made with, or, if that is lost, empty the tables "SigningKey" and "IdempotentAnswer", which ' +
          'voids every token.',
        { cause: error },
      );
    }

    return privateJwkSchema.parse(JSON.parse(text));
  }

  #use(keys: readonly LoadedKey[]): void {
    this.#keys = keys;
    this.#publicJwks = keys.map(({ publicJwk }) => publicJwk);
  }

  get #now(): Date {
    return new Date(this.#options.clock.now());
  }
}

function verifies(untilMs: number | undefined, nowMs: number): boolean {
  return untilMs === undefined || untilMs > nowMs;
}
