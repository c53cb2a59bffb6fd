import { BoundedMap } from '@parley/kit';
import type { Cipher } from './frameFormat.ts';
import { ownOwner, sharedOwner, type KeyOwner } from './keyOwner.ts';
import { deriveFrameKey, type FrameKey } from './keySchedule.ts';
import { replayWindowSize } from './ReplayWindow.ts';

/** Senders, and times that they have begun anew, under one key. */
const maxSenders = 256;

/** Of one KID. */
interface Known {
  readonly frameKey: FrameKey;
  /** Of the genuine frames that any receiver of the page had. */
  readonly highest: number;
}

/** One key that the application has given, and what was derived of it for frames that proved genuine. */
export class BaseKey {
  readonly owner: KeyOwner;
  readonly key: CryptoKey;
  readonly #derived = new BoundedMap<string, Known>(maxSenders);

  constructor(owner: KeyOwner, key: CryptoKey) {
    this.owner = owner;
    this.key = key;
  }

  known(kid: bigint, cipher: Cipher): FrameKey | undefined {
    return this.#derived.get(nameOf(kid, cipher))?.frameKey;
  }

  derive(kid: bigint, cipher: Cipher): Promise<FrameKey> {
    return deriveFrameKey(this.key, kid, cipher);
  }

  /**
   * Whether it lies so far behind what this sender has sent since that it can only have been kept back. All streams of a sender
   * count as one, so that this holds for a receiver, too, that has had nothing of them yet.
   */
  isLate(kid: bigint, cipher: Cipher, counter: number): boolean {
    const { highest = 0 } = this.#derived.get(nameOf(kid, cipher)) ?? {};

    return counter <= highest - replayWindowSize;
  }

  /** A frame of this sender proved genuine. */
  keep(kid: bigint, cipher: Cipher, frameKey: FrameKey, counter: number): void {
    const name = nameOf(kid, cipher);
    this.#derived.set(name, { frameKey, highest: Math.max(counter, this.#derived.get(name)?.highest ?? 0) });
  }
}

/**
 * The keys that frames are decrypted with. They end when the page drops them, and not by their number: where people come and go
 * faster than keys take hold, several are in use.
 */
export class KeyRing {
  /** By index. */
  readonly #owners = new Map<KeyOwner, Map<number, BaseKey>>();
  #version = 0;

  /** Another one whenever a key has come. */
  get version(): number {
    return this.#version;
  }

  set(owner: KeyOwner, keyIndex: number, key: CryptoKey): void {
    const keys = this.#owners.get(owner) ?? new Map<number, BaseKey>();
    this.#owners.set(owner, keys);
    keys.set(keyIndex, new BaseKey(owner, key));
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
