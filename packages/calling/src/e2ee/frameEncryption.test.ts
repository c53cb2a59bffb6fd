import {
  array,
  assert as assertProperty,
  asyncProperty,
  constantFrom,
  integer,
  uint8Array,
} from 'fast-check';
import { contributingSourceOf } from '@parley/protocol';
import { describe, expect, it, vi } from 'vitest';
import { FrameDecryptor, type Decrypted } from './FrameDecryptor.ts';
import { FrameEncryptor } from './FrameEncryptor.ts';
import { clearBytesOf, parseFrame, type Cipher, type Codec, type FrameContext } from './frameFormat.ts';
import { ownOwner, sharedOwner } from './keyOwner.ts';
import { KeyRing } from './KeyRing.ts';
import { importBaseKey } from './keySchedule.ts';

const microphone: FrameContext = { codec: 'opus', source: 'microphone' };
const camera: FrameContext = { codec: 'vp8', source: 'camera' };
const keyA = await importBaseKey(new Uint8Array(32).fill(1));
const keyB = await importBaseKey(new Uint8Array(32).fill(2));

function encryptorWith(key: CryptoKey, keyIndex = 0, cipher: Cipher = 'AES-256-GCM'): FrameEncryptor {
  const encryptor = new FrameEncryptor();
  encryptor.use(key, keyIndex, cipher);

  return encryptor;
}

function decryptorWith(
  keys: readonly (readonly [owner: string, keyIndex: number, key: CryptoKey])[],
  sender: 'anybody' | 'alice' | 'bob' = 'alice',
  context = camera,
) {
  const ring = new KeyRing();
  for (const [owner, keyIndex, key] of keys) {
    ring.set(owner, keyIndex, key);
  }

  return {
    ring,
    decryptor: new FrameDecryptor({
      ...context,
      keys: ring,
      sender: sender === 'anybody' ? undefined : sender,
    }),
  };
}

/** Bytes that encryption could not make by chance. */
const pictureOf = (first: number, length = 200): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => (index === 0 ? first : index % 251));

async function seal(
  encryptor: FrameEncryptor,
  frame = pictureOf(1),
  context = camera,
): Promise<Uint8Array<ArrayBuffer>> {
  const sealed = await encryptor.encrypt(frame, context);
  if (sealed === undefined) {
    throw new Error('There was no key.');
  }

  return sealed;
}

const failureOf = (result: Decrypted): string | undefined =>
  'failure' in result ? result.failure : undefined;

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
    ['an Opus frame', microphone, 1, 1],
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
    const since = await Promise.all(Array.from({ length: 4_096 }, () => seal(encryptor, pictureOf(1, 20))));
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

describe('a key ring', () => {
  it('decrypts with the key before for as long as it is kept, and keeps two', async () => {
    const { ring, decryptor } = decryptorWith([[sharedOwner, 0, keyA]]);
    const old = encryptorWith(keyA, 0);
    expect(failureOf(await decryptor.decrypt(await seal(old)))).toBeUndefined();

    ring.set(sharedOwner, 1, keyB);
    expect(failureOf(await decryptor.decrypt(await seal(old)))).toBeUndefined();
    expect(failureOf(await decryptor.decrypt(await seal(encryptorWith(keyB, 1))))).toBeUndefined();
    ring.set(sharedOwner, 2, keyB);

    expect(failureOf(await decryptor.decrypt(await seal(old)))).toBe('missing_key');
  });

  it('has forgotten a key that is dropped, also for senders it has decrypted before', async () => {
    const { ring, decryptor } = decryptorWith([['alice', 0, keyA]]);
    const encryptor = encryptorWith(keyA);
    expect(failureOf(await decryptor.decrypt(await seal(encryptor)))).toBeUndefined();

    ring.drop('alice', 0);

    expect(failureOf(await decryptor.decrypt(await seal(encryptor)))).toBe('missing_key');
  });

  it('takes for a participant with a key of their own no other, not even that of everybody', async () => {
    const keys = [
      [sharedOwner, 0, keyA],
      ['alice', 0, keyB],
    ] as const;
    const { decryptor } = decryptorWith(keys, 'alice');

    expect(failureOf(await decryptor.decrypt(await seal(encryptorWith(keyA))))).toBe('decryption_failed');
    expect(await decryptor.decrypt(await seal(encryptorWith(keyB)))).toMatchObject({ owner: 'alice' });
    const bobs = decryptorWith(keys, 'bob').decryptor;
    expect(await bobs.decrypt(await seal(encryptorWith(keyA)))).toMatchObject({ owner: sharedOwner });
  });

  it('decrypts in a slot with the key of who is named in the frame, and with no other', async () => {
    const ownKey = await importBaseKey(new Uint8Array(32).fill(3));
    const { decryptor } = decryptorWith(
      [
        ['alice', 0, keyA],
        ['bob', 0, keyB],
        [ownOwner, 0, ownKey],
      ],
      'anybody',
      microphone,
    );
    const [alice, bob, own] = [encryptorWith(keyA), encryptorWith(keyB), encryptorWith(ownKey)];
    const heard = async (speaker: FrameEncryptor, name?: string): Promise<string> => {
      const frame = await seal(speaker, pictureOf(1, 40), microphone);
      const result = await decryptor.decrypt(
        frame,
        name === undefined ? undefined : contributingSourceOf(name),
      );

      return 'owner' in result ? result.owner : result.failure;
    };

    expect(await heard(alice, 'alice')).toBe('alice');
    expect(await heard(bob, 'bob')).toBe('bob');
    expect(await heard(alice, 'alice')).toBe('alice');
    // The server passes one off as the other, or names nobody, or sends back what this page has said.
    expect(await heard(alice, 'bob')).toBe('decryption_failed');
    expect(await heard(alice)).toBe('missing_key');
    expect(await heard(own, 'own')).toBe('missing_key');
  });

  it('never takes for that of a participant the key that this page sends with, whatever their id', async () => {
    const { ring } = decryptorWith([[ownOwner, 0, keyA]]);
    const decryptor = new FrameDecryptor({ ...camera, keys: ring, sender: ownOwner });

    expect(failureOf(await decryptor.decrypt(await seal(encryptorWith(keyA))))).toBe('missing_key');
  });

  it('does not take the key of everybody for who had one of their own, though the server says they had left', async () => {
    const { ring, decryptor } = decryptorWith([
      [sharedOwner, 0, keyA],
      ['alice', 0, keyB],
    ]);

    ring.forget('alice');

    expect(failureOf(await decryptor.decrypt(await seal(encryptorWith(keyA))))).toBe('missing_key');
  });

  it('derives no key for each frame of a sender whom no key fits, and tries again when one comes', async () => {
    const { ring, decryptor } = decryptorWith([[sharedOwner, 0, keyB]]);
    const encryptor = encryptorWith(keyA);
    const derivations = vi.spyOn(crypto.subtle, 'deriveBits');
    const frames = await Promise.all(Array.from({ length: 30 }, () => seal(encryptor)));
    derivations.mockClear();

    for (const frame of frames) {
      await decryptor.decrypt(frame);
    }
    expect(derivations.mock.calls.length).toBeLessThanOrEqual(2 * 3);
    ring.set(sharedOwner, 0, keyA);

    expect(failureOf(await decryptor.decrypt(await seal(encryptor)))).toBeUndefined();
    derivations.mockRestore();
  });
});
