import type { IdempotentAnswer, Transaction } from '@parley/db';
import type { Clock } from '@parley/kit';
import { ProtocolError } from '@parley/protocol';
import type { Vault } from '../security/Vault.ts';

/** How long an answer is kept for those who ask again. */
export const answerLifetimeMs = 24 * 60 * 60 * 1000;

/** How long one that holds a secret can be asked for again. */
export const secretLifetimeMs = 10 * 60 * 1000;

const sealPurpose = 'idempotent-answer';
const hashPurpose = 'idempotent-request';

/** What a request was answered with, as far as it is kept. */
export interface KeptAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: unknown;
}

export interface IdempotentRequestOptions {
  /** Whose key it is: two clients may choose the same one. */
  readonly scope: string;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** `secret`: the answer is sealed, and erased after ten minutes. */
  readonly holds: 'plain' | 'secret';
  /** Fields of the answer without which a `secret` one is plain. */
  readonly secretFields?: readonly string[] | undefined;
}

/**
 * A request with an Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), carried out once however often it is
 * sent. The key is claimed and the answer kept in the transaction of the operation itself, so that neither is there
 * without the other; a second request of the key that comes meanwhile waits for the first one's end.
 */
export class IdempotentRequest {
  readonly #options: IdempotentRequestOptions;
  readonly #vault: Vault;
  readonly #clock: Clock;
  readonly #requestHash: Uint8Array<ArrayBuffer>;

  constructor(options: IdempotentRequestOptions, { vault, clock }: { vault: Vault; clock: Clock }) {
    const { method, path, body } = options;
    this.#options = options;
    this.#vault = vault;
    this.#clock = clock;
    // Keyed: a body may hold a password, which a plain hash of it would let one guess quickly.
    this.#requestHash = vault.mac(hashPurpose, JSON.stringify([method, path, body]));
  }

  /**
   * Takes the key, or answers what the request was answered with before. Throws `idempotency_key_reused` when the
   * key belongs to another request and `secret_already_shown` when the answer held a secret that is erased by now.
   */
  async claim(transaction: Transaction): Promise<KeptAnswer | undefined> {
    const { scope, key } = this.#options;
    const nowMs = this.#clock.now();
    await transaction.idempotentAnswer.deleteMany({
      where: { scope, key, createdAt: { lte: new Date(nowMs - answerLifetimeMs) } },
    });
    const { count } = await transaction.idempotentAnswer.createMany({
      data: { scope, key, requestHash: this.#requestHash, status: 0, createdAt: new Date(nowMs) },
      skipDuplicates: true,
    });
    if (count > 0) {
      return undefined;
    }
    const kept = await transaction.idempotentAnswer.findUniqueOrThrow({
      where: { scope_key: { scope, key } },
    });
    if (Buffer.compare(kept.requestHash, this.#requestHash) !== 0) {
      throw new ProtocolError('idempotency_key_reused');
    }

    return { status: kept.status, location: kept.location ?? undefined, body: this.#bodyOf(kept) };
  }

  async keep(transaction: Transaction, { status, location, body }: KeptAnswer): Promise<void> {
    const { scope, key } = this.#options;
    const content = this.#holdsSecret(body)
      ? {
          sealedBody: this.#vault.seal(sealPurpose, this.#sealContext, JSON.stringify(body)),
          secretExpiresAt: new Date(this.#clock.now() + secretLifetimeMs),
        }
      : { body: JSON.stringify(body) };
    await transaction.idempotentAnswer.update({
      where: { scope_key: { scope, key } },
      data: { status, location: location ?? null, ...content },
    });
  }

  #bodyOf({ body, sealedBody, secretExpiresAt }: IdempotentAnswer): unknown {
    if (secretExpiresAt === null) {
      return body === null ? undefined : JSON.parse(body);
    }
    if (sealedBody === null || secretExpiresAt.getTime() <= this.#clock.now()) {
      throw new ProtocolError('secret_already_shown');
    }

    return JSON.parse(this.#vault.open(sealPurpose, this.#sealContext, sealedBody));
  }

  #holdsSecret(body: unknown): boolean {
    const { holds, secretFields } = this.#options;

    return (
      holds === 'secret' &&
      (secretFields === undefined ||
        secretFields.some((field) => (body as Record<string, unknown>)[field] !== undefined))
    );
  }

  get #sealContext(): string {
    return JSON.stringify([this.#options.scope, this.#options.key]);
  }
}
