import { contributingSourceOf } from '@parley/protocol';
import { describe, expect, it, vi } from 'vitest';
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
import { ownOwner, sharedOwner } from './keyOwner.ts';
import { importBaseKey } from './keySchedule.ts';

describe('a key ring', () => {
  it('decrypts with the keys before for as long as they are kept, however many', async () => {
    const { ring, decryptor } = decryptorWith([[sharedOwner, 0, keyA]]);
    const old = encryptorWith(keyA, 0);
    expect(failureOf(await decryptor.decrypt(await seal(old)))).toBeUndefined();

    ring.set(sharedOwner, 1, keyB);
    expect(failureOf(await decryptor.decrypt(await seal(old)))).toBeUndefined();
    expect(failureOf(await decryptor.decrypt(await seal(encryptorWith(keyB, 1))))).toBeUndefined();
    for (let keyIndex = 2; keyIndex < 9; keyIndex += 1) {
      ring.set(sharedOwner, keyIndex, keyB);
    }
    expect(failureOf(await decryptor.decrypt(await seal(old)))).toBeUndefined();
    ring.drop(sharedOwner, 0);

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

  it('lets nobody be silenced in a slot by one who uses their KID with a key of their own', async () => {
    const drawn = (): Uint8Array => new Uint8Array(7).fill(9);
    const [mallory, alice] = [new FrameEncryptor(drawn), new FrameEncryptor(drawn)];
    mallory.use(keyB, 0, 'AES-256-GCM');
    alice.use(keyA, 0, 'AES-256-GCM');
    const { decryptor } = decryptorWith(
      [
        ['mallory', 0, keyB],
        ['alice', 0, keyA],
      ],
      'anybody',
      microphone,
    );

    const heard = [];
    for (const [speaker, name] of [
      [mallory, 'mallory'],
      [alice, 'alice'],
      [alice, 'alice'],
      [mallory, 'mallory'],
    ] as const) {
      const frame = await seal(speaker, pictureOf(1, 40), microphone);
      const result = await decryptor.decrypt(frame, contributingSourceOf(name));
      heard.push('owner' in result ? result.owner : result.failure);
    }

    expect(heard).toEqual(['mallory', 'alice', 'alice', 'mallory']);
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
