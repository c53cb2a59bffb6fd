import {
  array,
  assert as assertProperty,
  asyncProperty,
  constantFrom,
  integer,
  uint8Array,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  camera,
  decryptorWith,
  encryptorWith,
  failureOf,
  keyA,
  keyB,
  microphone,
  pictureOf,
  seal,
} from '../testing/sealedFrames.ts';
import { FrameDecryptor } from './FrameDecryptor.ts';
import { FrameEncryptor } from './FrameEncryptor.ts';
import { clearBytesOf, parseFrame, type Cipher, type Codec } from './frameFormat.ts';
import { sharedOwner } from './keyOwner.ts';
import { replayWindowSize } from './ReplayWindow.ts';

describe('an encrypted frame', () => {
  it('is what it was after decryption, of any codec, cipher and length', async () => {
    await assertProperty(
      asyncProperty(
        uint8Array({ minLength: 1, maxLength: 300 }),
        constantFrom<Codec>('opus', 'vp8', 'vp9'),
        constantFrom<Cipher>('AES-128-GCM', 'AES-256-GCM'),
        async (bytes, codec, cipher) => {
          const context = { codec, source: 'camera' } as const;
          const frame = Uint8Array.from(bytes);
          const { decryptor } = decryptorWith([[sharedOwner, 3, keyA]], 'alice', context);
          const sealed = await seal(encryptorWith(keyA, 3, cipher), frame, context);

          expect(await decryptor.decrypt(sealed)).toEqual({ frame, owner: sharedOwner });
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a VP8 key frame', camera, 0, 10],
    ['another VP8 frame', camera, 1, 3],
    ['a VP9 frame', { codec: 'vp9', source: 'camera' }, 1, 0],
  ] as const)(
    'shows of %s its clear bytes and not a run of the others',
    async (_which, context, first, clear) => {
      const frame = pictureOf(first);
      const sealed = await seal(encryptorWith(keyA), frame, context);

      expect(sealed.slice(0, clear)).toEqual(frame.slice(0, clear));
      expect(clearBytesOf(context.codec, sealed)).toBe(clear);
      const hidden = `,${sealed.slice(clear).join()},`;
      for (let start = 0; start + 4 <= frame.length; start += 1) {
        expect(hidden).not.toContain(`,${frame.slice(start, start + 4).join()},`);
      }
      expect(sealed).toHaveLength(frame.length + 16 + 10);
    },
  );

  it('of sound is no packet for an Opus decoder, which would make noise of it, and shows only what kind of sound it is', async () => {
    const frame = pictureOf(0b0111_1000, 60);

    const sealed = await seal(encryptorWith(keyA), frame, microphone);

    // RFC 6716, section 3.2.5: code 3, with a count of no frames, which is against R5.
    expect(sealed.slice(0, 2)).toEqual(Uint8Array.of(0b0111_1011, 0));
    expect(sealed).toHaveLength(2 + frame.length + 16 + 10);
    const hidden = `,${sealed.slice(2).join()},`;
    for (let start = 0; start + 4 <= frame.length; start += 1) {
      expect(hidden).not.toContain(`,${frame.slice(start, start + 4).join()},`);
    }
  });

  it('is refused with any one bit changed, the clear ones among them', async () => {
    const encryptor = encryptorWith(keyA);
    const sealed = await seal(encryptor, pictureOf(0, 30));
    const { decryptor } = decryptorWith([[sharedOwner, 0, keyA]]);
    // So that none is refused for its sender being unknown.
    expect(failureOf(await decryptor.decrypt(await seal(encryptor)))).toBeUndefined();

    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Uint8Array.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(failureOf(await decryptor.decrypt(changed)), `bit ${bit}`).toBeDefined();
    }
    expect(failureOf(await decryptor.decrypt(sealed))).toBeUndefined();
  });

  it('cannot be read with another key, and not without the one of its index', async () => {
    const sealed = await seal(encryptorWith(keyA, 1));

    const wrong = decryptorWith([[sharedOwner, 1, keyB]]).decryptor;
    expect(failureOf(await wrong.decrypt(sealed))).toBe('decryption_failed');
    const missing = decryptorWith([[sharedOwner, 0, keyA]]).decryptor;
    expect(failureOf(await missing.decrypt(sealed))).toBe('missing_key');
  });

  it('of a screen is not taken for one of a camera', async () => {
    const sealed = await seal(encryptorWith(keyA), pictureOf(1), { codec: 'vp8', source: 'screen' });

    expect(failureOf(await decryptorWith([[sharedOwner, 0, keyA]]).decryptor.decrypt(sealed))).toBe(
      'decryption_failed',
    );
  });

  it('is taken once, in whatever order it comes', async () => {
    const encryptor = encryptorWith(keyA);
    const [first, second] = [await seal(encryptor), await seal(encryptor)];
    const { decryptor } = decryptorWith([[sharedOwner, 0, keyA]]);

    const results = [];
    for (const frame of [second, first, second, first]) {
      results.push(failureOf(await decryptor.decrypt(frame)));
    }

    expect(results).toEqual([undefined, undefined, 'replayed', 'replayed']);
  });

  it('that was recorded is not taken by a receiver that was made for it later', async () => {
    const encryptor = encryptorWith(keyA);
    const { ring, decryptor } = decryptorWith([[sharedOwner, 0, keyA]]);
    const recorded = await seal(encryptor);
    expect(failureOf(await decryptor.decrypt(recorded))).toBeUndefined();
    const since = await Promise.all(
      Array.from({ length: replayWindowSize }, () => seal(encryptor, pictureOf(1, 20))),
    );
    expect(failureOf(await decryptor.decrypt(since.at(-1) ?? recorded))).toBeUndefined();

    const later = new FrameDecryptor({ ...camera, keys: ring, sender: 'alice' });

    expect(failureOf(await later.decrypt(recorded))).toBe('replayed');
    // As of a voice that is heard in a slot from here on.
    expect(failureOf(await later.decrypt(since.at(-2) ?? recorded))).toBeUndefined();
  });

  it('that was made up does not use up the counter of a genuine one', async () => {
    const sealed = await seal(encryptorWith(keyA));
    const forged = Uint8Array.from(sealed);
    forged[20] = (forged[20] ?? 0) ^ 1;
    const { decryptor } = decryptorWith([[sharedOwner, 0, keyA]]);

    expect(failureOf(await decryptor.decrypt(forged))).toBe('decryption_failed');
    expect(failureOf(await decryptor.decrypt(sealed))).toBeUndefined();
  });

  it('is not one that was sent without encryption', async () => {
    const { decryptor } = decryptorWith([[sharedOwner, 0, keyA]]);

    expect(failureOf(await decryptor.decrypt(pictureOf(1)))).toBe('not_encrypted');
  });
});

describe('a nonce', () => {
  it('is used once with a key: over streams at the same time, key changes, and senders that begin anew', async () => {
    await assertProperty(
      asyncProperty(
        array(integer({ min: 0, max: 6 }), { maxLength: 60 }),
        integer({ min: 0, max: 2 }),
        async (steps, restarts) => {
          const sealed: Promise<Uint8Array<ArrayBuffer>>[] = [];
          for (let life = 0; life <= restarts; life += 1) {
            const encryptor = encryptorWith(keyA);
            for (const step of steps) {
              if (step === 0) {
                // The same key once more, under the same index.
                encryptor.use(keyA, 0, 'AES-256-GCM');
              } else {
                sealed.push(seal(encryptor, pictureOf(1, 20), step > 3 ? microphone : camera));
              }
            }
          }
          const used = (await Promise.all(sealed)).map((frame) => {
            const { kid, counter } = parseFrame(frame, 'vp9')?.header ?? {};

            return `${kid} ${counter}`;
          });

          expect(new Set(used).size).toBe(used.length);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('needs two senders that draw the same 56 bits to come again', async () => {
    const drawn = new FrameEncryptor(() => new Uint8Array(7).fill(9));
    drawn.use(keyA, 0, 'AES-256-GCM');
    const frame = await seal(drawn);
    drawn.use(keyA, 0, 'AES-256-GCM');

    // The proof that nothing but the draw tells senders of one key apart.
    expect(await seal(drawn)).toEqual(frame);
    const other = await seal(encryptorWith(keyA));
    expect(parseFrame(other, 'vp8')?.header.kid).not.toBe(parseFrame(frame, 'vp8')?.header.kid);
  });
});

describe('an encryptor without a key', () => {
  it('gives nothing that could be sent', async () => {
    expect(await new FrameEncryptor().encrypt(pictureOf(1), camera)).toBeUndefined();
  });
});
