import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const tokenBytes = 24;

/** As they outlive the process: hashes, of which no token can be made. */
export interface KeptResumeTokens {
  /** SHA-256 in base64url. */
  readonly present: string;
  readonly previous?: string | undefined;
}

/**
 * The token that lets one participant's client come back to its place. It rotates with every use; the one before stays
 * good until the newer was used, since the answer that carried the newer may have been lost with the connection.
 */
export class ResumeTokens {
  /** Unknown of a place that outlived the process: its client alone has it. */
  #present: string | undefined;
  #kept: KeptResumeTokens;

  constructor(kept?: KeptResumeTokens) {
    this.#present = kept === undefined ? randomToken() : undefined;
    this.#kept = kept ?? { present: hashOf(this.#present ?? '') };
  }

  get present(): string {
    return this.#present ?? this.#renew(this.#kept.present);
  }

  get kept(): KeptResumeTokens {
    return this.#kept;
  }

  matches(token: string): boolean {
    const hash = hashOf(token);
    const { present, previous } = this.#kept;

    return isSame(hash, present) || (previous !== undefined && isSame(hash, previous));
  }

  /** A client came back with `used`: answers the token for its next time. */
  rotate(used: string): string {
    return this.#renew(hashOf(used));
  }

  #renew(previous: string): string {
    const present = randomToken();
    this.#present = present;
    this.#kept = { present: hashOf(present), previous };

    return present;
  }
}

function randomToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

/** Fast, as is enough for what is random: there is nothing to guess. */
function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];

  return one.length === other.length && timingSafeEqual(one, other);
}
