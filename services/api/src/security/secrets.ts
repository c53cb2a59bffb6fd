import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { randomId } from './ids.ts';

/**
 * Secrets that the api makes: API keys and guest links.
 *
 * Such a secret begins with an id, by which its row is found, so the search itself depends on nothing secret.
 * What is stored is a SHA-256. A slow password hash would add nothing: it defends guessable secrets by making
 * each guess dear, while 256 random bits cannot be guessed at any price; a fast one keeps every request fast.
 */
const idLength = 16;
const shape = new RegExp(`^([0-9a-z]{${idLength}})[A-Za-z0-9_-]{43}$`);

export interface NewSecret {
  readonly id: string;
  /** To be shown once. */
  readonly secret: string;
  readonly hash: Uint8Array<ArrayBuffer>;
}

export function makeSecret(): NewSecret {
  const id = randomId(idLength);
  const secret = id + randomBytes(32).toString('base64url');

  return { id, secret, hash: hashSecret(secret) };
}

/** The id that a secret begins with; undefined when the text cannot be one. */
export function idOfSecret(secret: string): string | undefined {
  return shape.exec(secret)?.[1];
}

/** Whether `hash` is that of `secret`, in a time that tells nothing of where they differ. */
export function matchesHash(secret: string, hash: Uint8Array): boolean {
  const actual = hashSecret(secret);

  return actual.length === hash.length && timingSafeEqual(actual, hash);
}

function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(secret).digest());
}
