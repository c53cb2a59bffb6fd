import { BoundedMap } from '@parley/kit';
import { contributingSourceOf } from '@parley/protocol';
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
  /** Participants with a key of their own, by what names them in a slot. */
  readonly #heard = new Map<number, KeyOwner>();
  #version = 0;

  /** Another one whenever a key has come. */
  get version(): number {
    return this.#version;
  }

  set(owner: KeyOwner, keyIndex: number, key: CryptoKey): void {
    const keys = this.#owners.get(owner) ?? new Map<number, BaseKey>();
    this.#owners.set(owner, keys);
    this.#heard.set(contributingSourceOf(owner), owner);
    keys.set(keyIndex, new BaseKey(owner, key));
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
}

function nameOf(kid: bigint, cipher: Cipher): string {
  return `${kid} ${cipher}`;
}
