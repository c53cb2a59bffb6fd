import { FrameDecryptor, type Decrypted } from '../e2ee/FrameDecryptor.ts';
import { FrameEncryptor } from '../e2ee/FrameEncryptor.ts';
import type { Cipher, FrameContext } from '../e2ee/frameFormat.ts';
import { KeyRing } from '../e2ee/KeyRing.ts';
import { importBaseKey } from '../e2ee/keySchedule.ts';

export const microphone: FrameContext = { codec: 'opus', source: 'microphone' };
export const camera: FrameContext = { codec: 'vp8', source: 'camera' };
export const keyA = await importBaseKey(new Uint8Array(32).fill(1));
export const keyB = await importBaseKey(new Uint8Array(32).fill(2));

export function encryptorWith(key: CryptoKey, keyIndex = 0, cipher: Cipher = 'AES-256-GCM'): FrameEncryptor {
  const encryptor = new FrameEncryptor();
  encryptor.use(key, keyIndex, cipher);

  return encryptor;
}

export function decryptorWith(
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
export const pictureOf = (first: number, length = 200): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => (index === 0 ? first : index % 251));

export async function seal(
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

export const failureOf = (result: Decrypted): string | undefined =>
  'failure' in result ? result.failure : undefined;
