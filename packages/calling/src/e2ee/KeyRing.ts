import { BoundedMap } from '@parley/kit';
import type { Cipher } from './frameFormat.ts';
import { ownOwner, sharedOwner, type KeyOwner } from './keyOwner.ts';
import { deriveFrameKey, type FrameKey } from './keySchedule.ts';

/** The one in use, and the one that comes or goes. */
const keysOfOwner = 2;

/** Senders, and times that they have begun anew, under one key. */
const maxSenders = 256;

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
  #version = 0;

  /** Another one whenever a key has come. */
  get version(): number {
    return this.#version;
  }

  set(owner: KeyOwner, keyIndex: number, key: CryptoKey): void {
    const keys = this.#owners.get(owner) ?? new Map<number, BaseKey>();
    this.#owners.set(owner, keys);
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

  /** The keys have gone with who had them. */
  forget(owner: KeyOwner): void {
    this.#owners.delete(owner);
  }

  /**
   * Those that a frame with this key index may have been encrypted with.
   *
   * @param sender Whose stream it is: their own key then, or that of everybody if they have none. Undefined in a slot,
   * in which anybody may be heard.
   */
  candidates(keyIndex: number, sender: string | undefined): BaseKey[] {
    const owners =
      sender === undefined
        ? [...this.#owners.keys()].filter((owner) => owner !== ownOwner)
        : [this.#owners.has(sender) ? sender : sharedOwner];

    return owners.flatMap((owner) => this.get(owner, keyIndex) ?? []);
  }
}

function nameOf(kid: bigint, cipher: Cipher): string {
  return `${kid} ${cipher}`;
}
