import {
  associatedData,
  joinBytes,
  kidOf,
  maxCounter,
  openingOf,
  trailerOf,
  type Cipher,
  type FrameContext,
} from './frameFormat.ts';
import { deriveFrameKey, nonceOf, type FrameKey } from './keySchedule.ts';

interface Sending {
  readonly baseKey: CryptoKey;
  readonly keyIndex: number;
  readonly cipher: Cipher;
  readonly kid: bigint;
  readonly frameKey: Promise<FrameKey>;
  /** Of the next frame. */
  counter: number;
}

/**
 * Encrypts everything that this page sends, all streams and layers under one counter.
 *
 * No nonce is used twice with one key: the key of the frames is derived from the KID, the KID has 56 bits that are drawn
 * whenever counting begins, here, and the nonce is the counter, which is taken before anything is awaited and only grows.
 * Nothing that the server says or remembers has a part in it.
 */
export class FrameEncryptor {
  readonly #drawSender: () => Uint8Array;
  #sending: Sending | undefined;

  constructor(drawSender = (): Uint8Array => crypto.getRandomValues(new Uint8Array(7))) {
    this.#drawSender = drawSender;
  }

  /** Frames are encrypted with this key from the next one on. */
  use(baseKey: CryptoKey, keyIndex: number, cipher: Cipher): void {
    const kid = kidOf(keyIndex, this.#drawSender());
    const frameKey = deriveFrameKey(baseKey, kid, cipher);
    // Each frame that waits for it is told by itself.
    frameKey.catch(() => {});
    this.#sending = { baseKey, keyIndex, cipher, kid, frameKey, counter: 0 };
  }

  /** Undefined without a key: such a frame must not be sent. */
  async encrypt(
    frame: Uint8Array<ArrayBuffer>,
    { codec, source }: FrameContext,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const sending = this.#sending;
    if (sending === undefined) {
      return undefined;
    }
    const { kid, cipher, counter } = sending;
    sending.counter += 1;
    if (sending.counter > maxCounter) {
      this.use(sending.baseKey, sending.keyIndex, cipher);
    }
    const { clear, hidden } = openingOf(codec, frame);
    const trailer = trailerOf({ kid, counter, cipher });
    const { key, salt } = await sending.frameKey;
    const ciphertext = await crypto.subtle.encrypt(
      {
        name: 'AES-GCM',
        iv: nonceOf(salt, counter),
        additionalData: associatedData(trailer, source, clear),
      },
      key,
      hidden,
    );

    return joinBytes(clear, new Uint8Array(ciphertext), trailer);
  }
}
