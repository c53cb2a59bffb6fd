import { randomBytes, timingSafeEqual } from 'node:crypto';

const tokenBytes = 24;

/**
 * The token that lets one participant's client come back to its place. It rotates with every use; the one before stays
 * good until the newer was used, since the answer that carried the newer may have been lost with the connection.
 */
export class ResumeTokens {
  #present: string;
  #previous: string | undefined;

  constructor(present: string = randomToken()) {
    this.#present = present;
  }

  get present(): string {
    return this.#present;
  }

  matches(token: string): boolean {
    return isSame(token, this.#present) || (this.#previous !== undefined && isSame(token, this.#previous));
  }

  /** A client came back with `used`: answers the token for its next time. */
  rotate(used: string): string {
    this.#previous = used;
    this.#present = randomToken();

    return this.#present;
  }
}

function randomToken(): string {
  return randomBytes(tokenBytes).toString('base64url');
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];

  return one.length === other.length && timingSafeEqual(one, other);
}
