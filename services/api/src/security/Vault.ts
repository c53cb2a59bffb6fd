import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Length of the master key. */
const masterKeyBytes = 32;

/**
 * Seals what must not lie readable in the database, under the operator's master key: AES-256-GCM with a key for each
 * purpose (HKDF, RFC 5869), so that what was sealed for one is not taken for another.
 */
export class Vault {
  readonly #masterKey: Uint8Array;

  constructor(masterKey: Uint8Array) {
    if (masterKey.length !== masterKeyBytes) {
      throw new TypeError(`The master key must be ${masterKeyBytes} bytes long.`);
    }
    this.#masterKey = masterKey;
  }

  /** Nonce, tag and ciphertext in one. `context` has to be the same when it is opened, such as the row's id. */
  seal(purpose: string, context: string, text: string): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.#keyFor(purpose), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);

    return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), sealed]));
  }

  /** Throws when it was sealed under another key, for another purpose or context, or was changed. */
  open(purpose: string, context: string, sealed: Uint8Array): string {
    const nonce = sealed.subarray(0, nonceBytes);
    const tag = sealed.subarray(nonceBytes, nonceBytes + tagBytes);
    const decipher = createDecipheriv(algorithm, this.#keyFor(purpose), nonce, { authTagLength: tagBytes })
      .setAAD(Buffer.from(context))
      .setAuthTag(tag);

    return Buffer.concat([
      decipher.update(sealed.subarray(nonceBytes + tagBytes)),
      decipher.final(),
    ]).toString('utf8');
  }

  /** A keyed hash (HMAC-SHA-256), for what must be recognised and is too easily guessed for a plain one. */
  mac(purpose: string, text: string): Uint8Array<ArrayBuffer> {
    return new Uint8Array(createHmac('sha256', this.#keyFor(purpose)).update(text).digest());
  }

  #keyFor(purpose: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#masterKey, '', `parley:${purpose}`, 32));
  }
}
