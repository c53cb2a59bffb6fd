import type { Clock } from '@parley/kit';
import type { Cipher } from './frameFormat.ts';
import { ownOwner, sharedOwner, type KeyOwner } from './keyOwner.ts';
import type { WorkerRequest } from './workerMessages.ts';

/** What was encrypted with the key before may still be on its way, from who has learnt of the new one late, too. */
const retiringMs = 30_000;

interface KeyBookOptions {
  cipher: Cipher;
  keySwitchDelayMs: number;
  clock: Clock;
  post: (request: WorkerRequest) => void;
}

interface SendingKey {
  readonly owner: KeyOwner;
  readonly keyIndex: number;
  readonly key: CryptoKey;
  /** Which one it is of all that were to be sent with. */
  readonly turn: number;
}

/** The keys that the application has given, as the page knows them: it outlives its workers. */
export class KeyBook {
  readonly #options: KeyBookOptions;
  /** By owner and index, the one set last at the end. */
  readonly #owners = new Map<KeyOwner, Map<number, CryptoKey>>();
  #sending: SendingKey | undefined;
  #turns = 0;

  constructor(options: KeyBookOptions) {
    this.#options = options;
  }

  /** Whether there is a key to send with. */
  get canSend(): boolean {
    return this.#sending !== undefined;
  }

  /** The latest; without an owner, of what this page sends with. */
  latest(owner?: KeyOwner): CryptoKey | undefined {
    const keys = this.#owners.get(owner ?? this.#sender);

    return keys === undefined ? undefined : [...keys.values()].at(-1);
  }

  set(owner: KeyOwner, keyIndex: number, key: CryptoKey): void {
    const keys = this.#owners.get(owner) ?? new Map<number, CryptoKey>();
    keys.delete(keyIndex);
    this.#owners.set(owner, keys);
    // Those before it were given their time by those after them.
    for (const [olderIndex, older] of [...keys].slice(-1)) {
      this.#options.clock.schedule(retiringMs, () => this.#retire(owner, olderIndex, older));
    }
    keys.set(keyIndex, key);
    this.#options.post({ name: 'setKey', owner, keyIndex, key });
    if (owner === this.#sender) {
      this.#sendSoon(owner, keyIndex);
    }
  }

  /** They have left. */
  forget(owner: KeyOwner): void {
    if (this.#owners.delete(owner)) {
      this.#options.post({ name: 'forgetKeys', owner });
    }
  }

  /** A worker that knows nothing yet is told everything. */
  tellAll(): void {
    for (const [owner, keys] of this.#owners) {
      for (const [keyIndex, key] of keys) {
        this.#options.post({ name: 'setKey', owner, keyIndex, key });
      }
    }
    this.#tellSending();
  }

  get #sender(): KeyOwner {
    return this.#owners.has(ownOwner) ? ownOwner : sharedOwner;
  }

  /**
   * The others need the new key, too, before they see a frame of it; one under the index that is sent with they know no more.
   * Each takes its turn, however many follow: who has left must not be able to read on because others leave, too.
   */
  #sendSoon(owner: KeyOwner, keyIndex: number): void {
    this.#turns += 1;
    const turn = this.#turns;
    const change = (): void => {
      const key = this.#owners.get(owner)?.get(keyIndex);
      const isLater = turn > (this.#sending?.turn ?? 0);
      if (key !== undefined && isLater && owner === this.#sender) {
        this.#sending = { owner, keyIndex, key, turn };
        this.#tellSending();
      }
    };
    if (
      this.#sending === undefined ||
      (this.#sending.owner === owner && this.#sending.keyIndex === keyIndex)
    ) {
      change();
    } else {
      this.#options.clock.schedule(this.#options.keySwitchDelayMs, change);
    }
  }

  #tellSending(): void {
    if (this.#sending !== undefined) {
      const { keyIndex, key } = this.#sending;
      this.#options.post({ name: 'send', keyIndex, key, cipher: this.#options.cipher });
    }
  }

  #retire(owner: KeyOwner, keyIndex: number, key: CryptoKey): void {
    // It may have been set again since.
    if (this.#owners.get(owner)?.get(keyIndex) === key && this.latest(owner) !== key) {
      this.#owners.get(owner)?.delete(keyIndex);
      this.#options.post({ name: 'dropKey', owner, keyIndex });
    }
  }
}
