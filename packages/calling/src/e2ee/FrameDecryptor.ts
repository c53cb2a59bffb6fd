import { BoundedMap } from '@parley/kit';
import {
  associatedData,
  closingOf,
  keyIndexOf,
  parseFrame,
  type FrameContext,
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

/** Frames of a sender that none of the keys fits, and of those how many are tried with all of them. */
const attempts = { of: 50, tried: 3 };

/** Decrypts what one receiver receives. */
export class FrameDecryptor {
  readonly #options: DecryptorOptions;
  /** Of genuine frames alone; by KID and owner, since anybody with a key of their own can make frames of another's KID. */
  readonly #windows = new BoundedMap<string, ReplayWindow>(maxSenders);
  /** Frames with a KID that no key of that version fitted. Deriving keys for each would take longer than they last. */
  readonly #refused = new BoundedMap<bigint, { version: number; frames: number }>(maxSenders);

  constructor(options: DecryptorOptions) {
    this.#options = options;
  }

  async decrypt(frame: Uint8Array<ArrayBuffer>): Promise<Decrypted> {
    const sealed = parseFrame(frame, this.#options.codec);
    if (sealed === undefined) {
      return { failure: 'not_encrypted' };
    }
    const { kid, cipher } = sealed.header;
    const { keys, sender } = this.#options;
    const candidates = keys.candidates(keyIndexOf(kid), sender);
    if (candidates.length === 0) {
      return { failure: 'missing_key' };
    }
    const known = candidates.filter((candidate) => candidate.known(kid, cipher) !== undefined);
    const result = await this.#openWith(known, sealed);
    // Somebody else may have used this KID first.
    const others =
      (result !== undefined && 'frame' in result) || this.#isRefused(kid)
        ? []
        : candidates.filter((candidate) => !known.includes(candidate));

    return (await this.#openWith(others, sealed)) ?? result ?? { failure: 'decryption_failed' };
  }

  /** Undefined when none of them fits. */
  async #openWith(candidates: readonly BaseKey[], sealed: SealedFrame): Promise<Decrypted | undefined> {
    const { kid, cipher, counter } = sealed.header;
    let isReplayed = false;
    for (const candidate of candidates) {
      if (
        candidate.isLate(kid, cipher, counter) ||
        this.#windows.get(windowOf(candidate, kid))?.has(counter) === true
      ) {
        isReplayed = true;
        continue;
      }
      const frameKey = candidate.known(kid, cipher) ?? (await candidate.derive(kid, cipher));
      const payload = await this.#open(sealed, frameKey);
      if (payload !== undefined) {
        return this.#accept(sealed, candidate, frameKey, payload);
      }
    }

    return isReplayed ? { failure: 'replayed' } : undefined;
  }

  #accept(
    { header: { kid, counter, cipher }, clear }: SealedFrame,
    candidate: BaseKey,
    frameKey: FrameKey,
    payload: Uint8Array,
  ): Decrypted {
    candidate.keep(kid, cipher, frameKey, counter);
    this.#refused.delete(kid);
    const name = windowOf(candidate, kid);
    const window = this.#windows.get(name) ?? new ReplayWindow();
    window.add(counter);
    this.#windows.set(name, window);

    return { frame: closingOf(this.#options.codec, clear, payload), owner: candidate.owner };
  }

  #isRefused(kid: bigint): boolean {
    const { version } = this.#options.keys;
    const before = this.#refused.get(kid);
    const frames = before?.version === version ? before.frames + 1 : 0;
    this.#refused.set(kid, { version, frames });

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

function windowOf({ owner }: BaseKey, kid: bigint): string {
  return `${kid} ${owner}`;
}
