import { BoundedMap } from '@parley/kit';
import {
  associatedData,
  closingOf,
  keyIndexOf,
  parseFrame,
  type FrameContext,
  type FrameHeader,
  type SealedFrame,
} from './frameFormat.ts';
import type { KeyOwner } from './keyOwner.ts';
import type { BaseKey, KeyRing } from './KeyRing.ts';
import { nonceOf, type FrameKey } from './keySchedule.ts';
import { ReplayWindow } from './ReplayWindow.ts';

/** Why a frame was not decrypted. */
export type DecryptionFailure = 'not_encrypted' | 'missing_key' | 'decryption_failed' | 'replayed';

export type Decrypted =
  | { readonly frame: Uint8Array<ArrayBuffer>; readonly owner: KeyOwner }
  | { readonly failure: DecryptionFailure };

interface DecryptorOptions extends FrameContext {
  readonly keys: KeyRing;
  /** Whose stream it is; undefined in a slot, in which anybody may be heard. */
  readonly sender: string | undefined;
}

/** Senders that one slot may have had. */
const maxSenders = 256;

/** Frames of a sender whom the key does not fit, and how many of those are tried. */
const attempts = { of: 50, tried: 3 };

/** Decrypts what one receiver receives. */
export class FrameDecryptor {
  readonly #options: DecryptorOptions;
  /** Of genuine frames alone, by KID and owner. */
  readonly #windows = new BoundedMap<string, ReplayWindow>(maxSenders);
  /** Frames that the key of that version did not fit. Deriving one for each would take longer than they last. */
  readonly #refused = new BoundedMap<string, { version: number; frames: number }>(maxSenders);

  constructor(options: DecryptorOptions) {
    this.#options = options;
  }

  /** @param contributingSource In a slot, who is heard in the frame. */
  async decrypt(frame: Uint8Array<ArrayBuffer>, contributingSource?: number): Promise<Decrypted> {
    const sealed = parseFrame(frame, this.#options.codec);
    if (sealed === undefined) {
      return { failure: 'not_encrypted' };
    }
    const { kid, counter, cipher } = sealed.header;
    const { keys, sender } = this.#options;
    const candidate = keys.keyOf(keyIndexOf(kid), sender ?? keys.heardAs(contributingSource));
    if (candidate === undefined) {
      return { failure: 'missing_key' };
    }
    const name = nameOf(candidate, kid);
    if (candidate.isLate(kid, cipher, counter) || this.#windows.get(name)?.has(counter) === true) {
      return { failure: 'replayed' };
    }
    const frameKey = candidate.known(kid, cipher) ?? (await this.#derive(candidate, sealed.header));
    const payload = frameKey && (await this.#open(sealed, frameKey));

    return frameKey === undefined || payload === undefined
      ? { failure: 'decryption_failed' }
      : this.#accept(sealed, candidate, frameKey, payload);
  }

  #accept(
    { header: { kid, counter, cipher }, clear }: SealedFrame,
    candidate: BaseKey,
    frameKey: FrameKey,
    payload: Uint8Array,
  ): Decrypted {
    candidate.keep(kid, cipher, frameKey, counter);
    const name = nameOf(candidate, kid);
    this.#refused.delete(name);
    const window = this.#windows.get(name) ?? new ReplayWindow();
    window.add(counter);
    this.#windows.set(name, window);

    return { frame: closingOf(this.#options.codec, clear, payload), owner: candidate.owner };
  }

  /** Undefined for a sender of whom enough was tried in vain. */
  async #derive(candidate: BaseKey, { kid, cipher }: FrameHeader): Promise<FrameKey | undefined> {
    return this.#isRefused(nameOf(candidate, kid)) ? undefined : candidate.derive(kid, cipher);
  }

  #isRefused(name: string): boolean {
    const { version } = this.#options.keys;
    const before = this.#refused.get(name);
    const frames = before?.version === version ? before.frames + 1 : 0;
    this.#refused.set(name, { version, frames });

    return frames % attempts.of >= attempts.tried;
  }

  /** Undefined when it is not genuine. */
  async #open(
    { header, trailer, clear, ciphertext }: SealedFrame,
    { key, salt }: FrameKey,
  ): Promise<Uint8Array | undefined> {
    const additionalData = associatedData(trailer, this.#options.source, clear);
    try {
      const iv = nonceOf(salt, header.counter);

      return new Uint8Array(
        await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, ciphertext),
      );
    } catch {
      return undefined;
    }
  }
}

/** Anybody with a key of their own can make frames of another's KID. */
function nameOf({ owner }: BaseKey, kid: bigint): string {
  return `${kid} ${owner}`;
}
