import { BoundedMap } from '@parley/kit';
import { contributingSourceOf } from '@parley/protocol';
import type { Cipher } from './frameFormat.ts';
import { ownOwner, sharedOwner, type KeyOwner } from './keyOwner.ts';
import { deriveFrameKey, type FrameKey } from './keySchedule.ts';
import { replayWindowSize } from './ReplayWindow.ts';

/** The one in use, and the one that comes or goes. */
const keysOfOwner = 2;

/** Senders, and times that they have begun anew, under one key. */
const maxSenders = 256;

/** The same, under all keys. */
const maxCounts = 4_096;

/** One key that the application has given, and what was derived of it for frames that proved genuine. */
export class BaseKey {
  readonly owner: KeyOwner;
  readonly key: CryptoKey;
  readonly #derived = new BoundedMap<string, FrameKey>(maxSenders);

  constructor(owner: KeyOwner, key: CryptoKey) {
    this.owner = owner;
    this.key = key;
  }

  known(kid: bigint, cipher: Cipher): FrameKey | undefined {
    return this.#derived.get(nameOf(kid, cipher));
  }

  derive(kid: bigint, cipher: Cipher): Promise<FrameKey> {
    return deriveFrameKey(this.key, kid, cipher);
  }

  /** A frame of this sender proved genuine. */
  keep(kid: bigint, cipher: Cipher, frameKey: FrameKey): void {
    this.#derived.set(nameOf(kid, cipher), frameKey);
  }
}

/** The keys that frames are decrypted with. */
export class KeyRing {
  /** By index, the one set last at the end. */
  readonly #owners = new Map<KeyOwner, Map<number, BaseKey>>();
  /** Participants with a key of their own, by what names them in a slot. */
  readonly #heard = new Map<number, KeyOwner>();
  /** By KID, the highest counter of a genuine frame that any receiver has had. */
  readonly #counted = new BoundedMap<bigint, number>(maxCounts);
  #version = 0;

  /** Another one whenever a key has come. */
  get version(): number {
    return this.#version;
  }

  set(owner: KeyOwner, keyIndex: number, key: CryptoKey): void {
    const keys = this.#owners.get(owner) ?? new Map<number, BaseKey>();
    this.#owners.set(owner, keys);
    this.#heard.set(contributingSourceOf(owner), owner);
    keys.delete(keyIndex);
    keys.set(keyIndex, new BaseKey(owner, key));
    for (const oldest of [...keys.keys()].slice(0, -keysOfOwner)) {
      keys.delete(oldest);
    }
    this.#version += 1;
  }

  drop(owner: KeyOwner, keyIndex: number): void {
    this.#owners.get(owner)?.delete(keyIndex);
  }

  get(owner: KeyOwner, keyIndex: number): BaseKey | undefined {
    return this.#owners.get(owner)?.get(keyIndex);
  }

  /**
   * The keys have gone with who had them. Nobody else has that id, so should the server say that they are back, it is not
   * with everybody's key.
   */
  forget(owner: KeyOwner): void {
    this.#owners.get(owner)?.clear();
  }

  /** Who has a key of their own and is named so in a slot. */
  heardAs(contributingSource: number | undefined): KeyOwner | undefined {
    return contributingSource === undefined ? undefined : this.#heard.get(contributingSource);
  }

  /**
   * The one that a frame with this key index has to be encrypted with.
   *
   * @param sender Whose stream it is: their own key then, or that of everybody if they have none. This page's own is
   * nobody's whom it hears.
   */
  keyOf(keyIndex: number, sender: string | undefined): BaseKey | undefined {
    const hasOwn = sender !== undefined && sender !== ownOwner && this.#owners.has(sender);

    return this.get(hasOwn ? sender : sharedOwner, keyIndex);
  }

  /** A frame proved genuine. */
  count(kid: bigint, counter: number): void {
    this.#counted.set(kid, Math.max(counter, this.#counted.get(kid) ?? 0));
  }

  /** Whether it was sent so long before another that it was kept back, or comes again: also to a receiver that is new. */
  isStale(kid: bigint, counter: number): boolean {
    return counter <= (this.#counted.get(kid) ?? 0) - replayWindowSize;
  }
}

function nameOf(kid: bigint, cipher: Cipher): string {
  return `${kid} ${cipher}`;
}
