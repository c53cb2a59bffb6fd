import { describe, expect, it } from 'vitest';
import {
  deriveFrameKey,
  fingerprintOf,
  generateKey,
  importBaseKey,
  nonceOf,
  ratchetKey,
} from './keySchedule.ts';

const baseKey = Uint8Array.from({ length: 16 }, (_, index) => index);
const hex = (bytes: Uint8Array | ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));

describe('the key of a frame', () => {
  it.each([
    [
      'AES-128-GCM',
      '75234edefe07819026751816',
      '75234edefe07819026755d71',
      'b7412c2513a1b66dbb48841bbaf17f598751176ad847681a69c6d0b091c07018ce4adb34eb',
    ],
    [
      'AES-256-GCM',
      '84991c167b8cd23c93708ec7',
      '84991c167b8cd23c9370cba0',
      '94f509d36e9beacb0e261d99c7d1e972f1fed787d4049f17ca21353c1cc24d56ceabced279',
    ],
  ] as const)('of %s is that of RFC 9605, appendix C.3', async (cipher, salt, nonce, ciphertext) => {
    const derived = await deriveFrameKey(await importBaseKey(baseKey), 0x123n, cipher);
    const iv = nonceOf(derived.salt, 0x4567);
    const additionalData = bytesOf(`9901234567${hex(new TextEncoder().encode('IETF SFrame WG'))}`);
    const plaintext = Uint8Array.from(new TextEncoder().encode('draft-ietf-sframe-enc'));

    expect(hex(derived.salt)).toBe(salt);
    expect(hex(iv)).toBe(nonce);
    const encrypted = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData },
      derived.key,
      plaintext,
    );
    expect(hex(encrypted)).toBe(ciphertext);
  });

  it('cannot be read out of what the application has given', async () => {
    const imported = await importBaseKey(baseKey);
    const { key } = await deriveFrameKey(imported, 1n, 'AES-256-GCM');

    await expect(crypto.subtle.exportKey('raw', imported)).rejects.toThrow(/extractable|not supported/);
    await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow(/extractable/);
  });
});

describe('ratchetKey', () => {
  it('gives everybody who has a key the same next one, which is another each time', async () => {
    const next = await ratchetKey(baseKey);

    expect(next).toEqual(await ratchetKey(baseKey));
    expect(next).toHaveLength(32);
    const all = [baseKey, next, await ratchetKey(next)].map(hex);
    expect(new Set(all).size).toBe(3);
  });

  it.each([['text'], [new Uint8Array(15)], [undefined]])('refuses %s', async (wrong) => {
    await expect(ratchetKey(wrong as Uint8Array)).rejects.toThrow(TypeError);
  });
});

describe('generateKey', () => {
  it('gives 32 bytes, others each time', () => {
    expect(generateKey()).toHaveLength(32);
    expect(generateKey()).not.toEqual(generateKey());
  });
});

describe('a fingerprint', () => {
  it('is six groups of five digits, the same for the same key and another for another', async () => {
    const one = await fingerprintOf(await importBaseKey(baseKey));
    const again = await fingerprintOf(await importBaseKey(Uint8Array.from(baseKey)));
    const other = await fingerprintOf(await importBaseKey(generateKey()));

    expect(one).toMatch(/^(\d{5} ){5}\d{5}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });
});
