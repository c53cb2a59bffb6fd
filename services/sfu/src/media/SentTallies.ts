import type { MediaSource } from '@parley/protocol';
import type { types } from 'mediasoup';

/** What has come of something. */
export interface Tally {
  readonly packets: number;
  readonly bytes: number;
}

const nothing: Tally = { packets: 0, bytes: 0 };

/**
 * What has come of each source that one participant sends, from the first producer on. Otherwise nobody would count what
 * came of one that was begun and closed between two looks.
 */
export class SentTallies {
  readonly #bySource = new Map<MediaSource, Tally>();
  readonly #seen = new WeakMap<types.Producer, Tally>();

  /** To be called before a producer is closed: the worker is asked in this turn, and knows nothing of it afterwards. */
  async count(source: MediaSource, producer: types.Producer): Promise<void> {
    const stats = await producer.getStats().catch(() => []);
    const now = stats.reduce(
      ({ packets, bytes }, { packetCount, byteCount }) => ({
        packets: packets + packetCount,
        bytes: bytes + byteCount,
      }),
      nothing,
    );
    const before = this.#seen.get(producer) ?? nothing;
    if (now.packets > before.packets) {
      const { packets, bytes } = this.#bySource.get(source) ?? nothing;
      this.#seen.set(producer, now);
      this.#bySource.set(source, {
        packets: packets + now.packets - before.packets,
        bytes: bytes + now.bytes - before.bytes,
      });
    }
  }

  get all(): ReadonlyMap<MediaSource, Tally> {
    return new Map(this.#bySource);
  }
}
