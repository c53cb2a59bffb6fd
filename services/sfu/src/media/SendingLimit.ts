import type { types } from 'mediasoup';
import { transportStats } from './transportStats.ts';

/** How far above the limit a sender may be that heeds it: it is told by an estimate, and follows that with a delay. */
const tolerance = 1.5;

/** How many looks in a row must find too much: what a stalled network held back may come at once. */
const patience = 2;

/** RFC 6716: a frame of sound is 2.5 ms at least. Each packet may have to be heard by this process. */
const soundPackets = 400;

/** So many packets a second of one sound are too much. */
export const maxSoundPackets = tolerance * soundPackets;

/** Packets a second that may be small, as those of sound are; the others have this many bits at least. */
const smallPackets = 1_000;
const packetBits = 4_000;

interface Look {
  readonly atMs: number;
  readonly bytes: number;
  readonly packets: ReadonlyMap<types.Producer, number>;
  /** How many looks in a row have found too much. */
  readonly exceeded: number;
}

/**
 * Holds participants to what they may send, as it arrives in the worker: what their senders are told of it, they need
 * not heed, and everybody who receives them pays for it.
 */
export class SendingLimit {
  readonly #bitrate: number;
  readonly #looks = new WeakMap<types.Transport, Look>();

  /** @param bitrate Of all that one participant sends, bits per second. */
  constructor(bitrate: number) {
    this.#bitrate = bitrate;
  }

  /** Looks at what has come since the last time; answers whether that was too much, and the time before as well. */
  async isExceeded(send: types.Transport, producers: readonly types.Producer[]): Promise<boolean> {
    const [{ timestamp: atMs, bytesReceived: bytes = 0 }, counts] = await Promise.all([
      transportStats(send),
      Promise.all(producers.map(async (producer) => [producer, await packetsOf(producer)] as const)),
    ]);
    const last = this.#looks.get(send);
    if (atMs === undefined || (last !== undefined && atMs <= last.atMs)) {
      return false;
    }
    const look = { atMs, bytes, packets: new Map(counts) };
    const isTooMuch = last !== undefined && this.#isTooMuch(last, look);
    const exceeded = isTooMuch ? last.exceeded + 1 : 0;
    this.#looks.set(send, { ...look, exceeded });

    return exceeded >= patience;
  }

  #isTooMuch(last: Look, { atMs, bytes, packets }: Omit<Look, 'exceeded'>): boolean {
    const seconds = (atMs - last.atMs) / 1000;
    const rates = [...packets].map(([producer, count]) => ({
      kind: producer.kind,
      perSecond: (count - (last.packets.get(producer) ?? 0)) / seconds,
    }));
    const bitrate = (8 * (bytes - last.bytes)) / seconds;
    const packetRate = rates.reduce((sum, { perSecond }) => sum + perSecond, 0);

    return (
      bitrate > tolerance * this.#bitrate ||
      packetRate > tolerance * (smallPackets + this.#bitrate / packetBits) ||
      rates.some(({ kind, perSecond }) => kind === 'audio' && perSecond > maxSoundPackets)
    );
  }
}

async function packetsOf(producer: types.Producer): Promise<number> {
  const stats = await producer.getStats().catch(() => []);

  return stats.reduce((sum, { packetCount }) => sum + packetCount, 0);
}
