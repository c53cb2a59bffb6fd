import type { AudioSlot } from '@parley/protocol';
import type { Hearing } from '../participants/ParticipantMedia.ts';
import type { Playback } from '../rendering/Playback.ts';
import type { Subscription } from '../streams/Subscription.ts';
import type { Subscriber } from './Subscriber.ts';

interface SoundsOptions {
  subscriber: Subscriber;
  play: (stream: MediaStream) => Playback;
}

/**
 * What is heard of a call. In a small one the server brings the sound of everyone; in a large one it brings slots, each
 * of which carries one of the loudest at a time, so that nothing has to be set up when somebody begins to speak.
 */
export class Sounds {
  readonly #options: SoundsOptions;
  /** By slot. */
  readonly #slots = new Map<string, PlayedSound>();
  /** The slot that carries a producer, by producer. */
  #slotOf = new Map<string, string>();
  /** By producer. */
  readonly #listeners = new Map<string, () => void>();

  constructor(options: SoundsOptions) {
    this.#options = options;
  }

  /** @param onChanged Told when `stream` is another. */
  hear(producerId: string, syncGroup: string, onChanged: () => void): Hearing {
    const direct = new PlayedSound(this.#options, producerId, syncGroup, onChanged);
    this.#listeners.set(producerId, onChanged);
    const streamOf = (): MediaStream | undefined => this.#inSlot(producerId) ?? direct.stream;

    return {
      get stream() {
        return streamOf();
      },
      end: () => {
        this.#listeners.delete(producerId);
        direct.end();
      },
    };
  }

  /** Whom the slots carry now. */
  setSlots(slots: readonly AudioSlot[]): void {
    const before = this.#slotOf;
    this.#slotOf = new Map(
      slots.flatMap(({ slotId, producerId }) => (producerId === undefined ? [] : [[producerId, slotId]])),
    );
    const known = new Set(slots.map(({ slotId }) => slotId));
    for (const [slotId, sound] of this.#slots) {
      if (!known.has(slotId)) {
        this.#slots.delete(slotId);
        sound.end();
      }
    }
    for (const slotId of known) {
      this.#open(slotId);
    }
    for (const producerId of new Set([...before.keys(), ...this.#slotOf.keys()])) {
      if (before.get(producerId) !== this.#slotOf.get(producerId)) {
        this.#listeners.get(producerId)?.();
      }
    }
  }

  /** Whose stream a slot carries. */
  carriedBy(slotId: string): string | undefined {
    return [...this.#slotOf].find(([, carrier]) => carrier === slotId)?.[0];
  }

  /** Nothing is heard any more. Idempotent. */
  close(): void {
    this.#listeners.clear();
    this.setSlots([]);
  }

  #open(slotId: string): void {
    if (!this.#slots.has(slotId)) {
      // Not in step with any one picture: whose voice it is changes.
      const sound = new PlayedSound(this.#options, slotId, slotId, () => this.#tellListenersOf(slotId));
      this.#slots.set(slotId, sound);
    }
  }

  #tellListenersOf(slotId: string): void {
    for (const [producerId, carrier] of this.#slotOf) {
      if (carrier === slotId) {
        this.#listeners.get(producerId)?.();
      }
    }
  }

  #inSlot(producerId: string): MediaStream | undefined {
    const slotId = this.#slotOf.get(producerId);

    return slotId === undefined ? undefined : this.#slots.get(slotId)?.stream;
  }
}

/** One stream of sound, played from its arrival on. */
class PlayedSound {
  readonly #options: SoundsOptions;
  readonly #subscription: Subscription;
  readonly #onChanged: () => void;
  #playback: Playback | undefined;

  constructor(options: SoundsOptions, producerId: string, syncGroup: string, onChanged: () => void) {
    this.#options = options;
    this.#onChanged = onChanged;
    this.#subscription = options.subscriber.subscribe({
      producerId,
      syncGroup,
      comes: 'unasked',
      onStreamChanged: () => this.#play(),
      // It comes again with the next transports, if at all: nobody could do more about it.
      onFailed: () => {},
    });
    this.#subscription.setFlowing(true);
  }

  get stream(): MediaStream | undefined {
    return this.#subscription.stream;
  }

  end(): void {
    this.#subscription.closedByServer();
  }

  #play(): void {
    const { stream } = this;
    if (stream === undefined) {
      this.#playback?.stop();
      this.#playback = undefined;
    } else if (this.#playback === undefined) {
      this.#playback = this.#options.play(stream);
    } else {
      this.#playback.continueWith(stream);
    }
    this.#onChanged();
  }
}
