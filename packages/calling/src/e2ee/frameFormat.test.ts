import { assert as assertProperty, bigInt, constantFrom, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearBytesOf,
  codecOf,
  joinBytes,
  keyIndexOf,
  kidOf,
  maxCounter,
  parseFrame,
  trailerOf,
  type Cipher,
} from './frameFormat.ts';

describe('the clear bytes', () => {
  it.each([
    ['vp8', 'a key frame', [0b0101_0000], 10],
    ['vp8', 'another frame', [0b0101_0001], 3],
    ['vp9', 'any frame', [0], 0],
    ['opus', 'any frame', [0xf8], 2],
  ] as const)('of %s are, of %s, those that are read on the way', (codec, _which, first, expected) => {
    expect(clearBytesOf(codec, Uint8Array.from([...first, ...Array.from({ length: 40 }, () => 7)]))).toBe(
      expected,
    );
  });

  it('are no more than there are', () => {
    expect(clearBytesOf('vp8', Uint8Array.of(0, 1))).toBe(2);
  });
});

describe('codecOf', () => {
  it.each([
    ['video/VP8', 'vp8'],
    ['video/vp9', 'vp9'],
    ['audio/opus', 'opus'],
    ['video/H264', undefined],
    ['video/AV1', undefined],
    ['audio/red', undefined],
    ['', undefined],
  ])('knows of %s whether it is encrypted', (mimeType, expected) => {
    expect(codecOf(mimeType)).toBe(expected);
  });
});

describe('a trailer', () => {
  it('says what it was made of', () => {
    assertProperty(
      property(
        bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        integer({ min: 0, max: maxCounter }),
        constantFrom<Cipher>('AES-128-GCM', 'AES-256-GCM'),
        (kid, counter, cipher) => {
          const trailer = trailerOf({ kid, counter, cipher });
          const frame = joinBytes(new Uint8Array(50), trailer);

          expect(parseFrame(frame, 'opus')?.header).toEqual({ kid, counter, cipher });
        },
      ),
    );
  });

  it('is 10 bytes for the first 256 frames and 15 at most', () => {
    const lengths = [0, 255, 256, maxCounter].map(
      (counter) => trailerOf({ kid: 1n, counter, cipher: 'AES-128-GCM' }).length,
    );

    expect(lengths).toEqual([10, 10, 11, 15]);
  });

  it('is never found where it cannot fit, whatever a frame ends with', () => {
    assertProperty(
      property(uint8Array({ maxLength: 40 }), (bytes) => {
        const frame = Uint8Array.from(bytes);
        const parsed = parseFrame(frame, 'vp8');

        expect(parsed === undefined || parsed.ciphertext.length >= 16).toBe(true);
      }),
    );
  });
});

describe('a KID', () => {
  it('holds the key index and seven bytes of the sender', () => {
    const kid = kidOf(200, Uint8Array.of(1, 2, 3, 4, 5, 6, 7));

    expect(kid).toBe(0xc8_01_02_03_04_05_06_07n);
    expect(keyIndexOf(kid)).toBe(200);
  });
});
