import { joinBytes, type Cipher } from './frameFormat.ts';

/** The key of one KID (RFC 9605, section 4.4.2). */
export interface FrameKey {
  readonly key: CryptoKey;
  readonly salt: Uint8Array;
}

const nonceBytes = 12;

/** RFC 9605, section 4.5: the suites with a tag of 128 bits. */
const suites = {
  'AES-128-GCM': { id: 4, hash: 'SHA-256', keyBits: 128 },
  'AES-256-GCM': { id: 5, hash: 'SHA-512', keyBits: 256 },
} as const;

export async function deriveFrameKey(baseKey: CryptoKey, kid: bigint, cipher: Cipher): Promise<FrameKey> {
  const { id, hash, keyBits } = suites[cipher];
  const context = new Uint8Array(10);
  const view = new DataView(context.buffer);
  view.setBigUint64(0, kid);
  view.setUint16(8, id);
  const derive = (label: string, bits: number): Promise<ArrayBuffer> =>
    deriveBits(baseKey, hash, joinBytes(new TextEncoder().encode(label), context), bits);
  const [secret, salt] = await Promise.all([
    derive('SFrame 1.0 Secret key ', keyBits),
    derive('SFrame 1.0 Secret salt ', nonceBytes * 8),
  ]);
  const key = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['encrypt', 'decrypt']);

  return { key, salt: new Uint8Array(salt) };
}

/** RFC 9605, section 4.4.3: the salt, with the counter at its end exclusive-or'ed into it. */
export function nonceOf(salt: Uint8Array, counter: number): Uint8Array<ArrayBuffer> {
  const nonce = Uint8Array.from(salt);
  const view = new DataView(nonce.buffer);
  view.setBigUint64(nonceBytes - 8, view.getBigUint64(nonceBytes - 8) ^ BigInt(counter));

  return nonce;
}

/** What the keys of all frames are derived from; it cannot be read out again. */
export async function importBaseKey(key: CryptoKey | Uint8Array): Promise<CryptoKey> {
  return key instanceof Uint8Array
    ? crypto.subtle.importKey('raw', Uint8Array.from(key), 'HKDF', false, ['deriveBits'])
    : key;
}

/** 32 random bytes: a key for `setKey()`. */
export function generateKey(): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(32));
}

/**
 * The key that follows this one, the same for everybody who has it: whoever is given it does not learn the one before.
 * To be used, under the next `keyIndex`, when somebody joins. Who has left can follow it, too: then takes a new key.
 *
 * @throws TypeError for less than 16 bytes.
 */
export async function ratchetKey(key: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  assertKeyBytes(key);
  const next = await deriveBits(await importBaseKey(key), 'SHA-256', encode('Parley 1 ratchet'), 256);

  return new Uint8Array(next);
}

/** For people to compare: 100 bits as six groups of five digits. */
export async function fingerprintOf(baseKey: CryptoKey): Promise<string> {
  const bytes = new Uint8Array(await deriveBits(baseKey, 'SHA-256', encode('Parley 1 fingerprint'), 240));
  const groups = Array.from({ length: 6 }, (_, group) => {
    const number = bytes.slice(group * 5, group * 5 + 5).reduce((sum, byte) => sum * 256 + byte, 0);

    return String(number % 100_000).padStart(5, '0');
  });

  return groups.join(' ');
}

/** @throws TypeError for what is no key, or too short for one. */
export function assertKeyBytes(key: unknown): asserts key is Uint8Array {
  if (!(key instanceof Uint8Array) || key.length < 16) {
    throw new TypeError('A key is a Uint8Array of at least 16 bytes.');
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(text));
}

/** RFC 5869, with no salt as in RFC 9605. */
function deriveBits(
  key: CryptoKey,
  hash: string,
  info: Uint8Array<ArrayBuffer>,
  bits: number,
): Promise<ArrayBuffer> {
  return crypto.subtle.deriveBits({ name: 'HKDF', hash, salt: new Uint8Array(), info }, key, bits);
}
