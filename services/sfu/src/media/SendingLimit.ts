import { kindOfSource, type MediaSource } from '@parley/protocol';
import type { types } from 'mediasoup';
import { Allowance, burstSeconds } from './Allowance.ts';
import type { MediaLimits } from './mediaLimits.ts';
import type { Tally } from './SentTallies.ts';
import { transportStats } from './transportStats.ts';

/** How far above the limit a sender may be that heeds it: it is told by an estimate, and follows that with a delay. */
const tolerance = 1.5;

/** Opus in frames of 10 ms, the shortest that browsers make. Each packet may have to be heard by this process. */
const soundPackets = tolerance * 100;

/** Packets of one sound: a second, and at once. */
export const soundAllowance = { perSecond: soundPackets, atOnce: burstSeconds * soundPackets };

/** Pictures are cut into packets of no less than this, so that of each picture one packet at most is smaller. */
const fullPacketBytes = 1_000;

/** No camera of a browser makes more pictures a second, nor is a screen drawn more often. */
const picturesPerSecond = 60;

/** What one participant has sent. */
export interface Sent {
  readonly over: types.Transport;
  /** What of it were streams, also those that are closed by now. */
  readonly tallies: () => Promise<ReadonlyMap<MediaSource, Tally>>;
}

interface Look {
  readonly atMs: number;
  readonly over: types.Transport;
  readonly bytes: number;
  readonly tallies: ReadonlyMap<MediaSource, Tally>;
}

interface Account {
  readonly bytes: Allowance;
  readonly packets: Map<MediaSource, Allowance>;
  last: Look | undefined;
}

const nothing: Tally = { packets: 0, bytes: 0 };

/**
 * Holds participants to what they may send, as it arrives in the worker: what their senders are told of it, they need
 * not heed, and everybody who receives them pays for it. A packet is paid for by each of them as well, however small it
 * is: of pictures there may be as many as their bytes fill, and one more of each picture in each encoding.
 */
export class SendingLimit {
  readonly #bytes: { readonly perSecond: number; readonly atOnce: number };
  readonly #smallPackets: number;
  readonly #accounts = new WeakMap<object, Account>();

  constructor({ incomingBitrate, encodings }: Pick<MediaLimits, 'incomingBitrate' | 'encodings'>) {
    const perSecond = incomingBitrate / 8;
    this.#bytes = { perSecond: tolerance * perSecond, atOnce: burstSeconds * perSecond };
    this.#smallPackets = tolerance * picturesPerSecond * encodings;
  }

  /** Looks at what has come of the sender since the last time; answers whether it has become too much. */
  async isExceeded(sender: object, { over, tallies }: Sent): Promise<boolean> {
    const [{ timestamp: atMs, bytesReceived: bytes = 0 }, counts] = await Promise.all([
      transportStats(over),
      tallies(),
    ]);
    const account = this.#accountOf(sender);
    const { last } = account;
    if (atMs === undefined || (last !== undefined && atMs <= last.atMs)) {
      return false;
    }
    const look = { atMs, over, bytes, tallies: counts };
    account.last = look;

    return this.#isTooMuch(account, last ?? { ...look, bytes: 0, tallies: new Map() }, look);
  }

  #isTooMuch(account: Account, last: Look, look: Look): boolean {
    const seconds = (look.atMs - last.atMs) / 1000;
    // Another transport has begun at nothing.
    const bytes = look.bytes - (look.over === last.over ? last.bytes : 0);
    const tooMuch = [
      account.bytes.use(bytes, seconds),
      ...[...look.tallies].map(([source, tally]) => {
        const before = last.tallies.get(source) ?? nothing;

        return this.#packetsOf(account, source).use(weightOf(source, tally, before), seconds);
      }),
    ];

    return tooMuch.includes(true);
  }

  #accountOf(sender: object): Account {
    const account = this.#accounts.get(sender) ?? {
      bytes: new Allowance(this.#bytes),
      packets: new Map<MediaSource, Allowance>(),
      last: undefined,
    };
    this.#accounts.set(sender, account);

    return account;
  }

  #packetsOf({ packets }: Account, source: MediaSource): Allowance {
    const perSecond = this.#smallPackets;
    const allowance =
      packets.get(source) ??
      new Allowance(
        kindOfSource[source] === 'audio' ? soundAllowance : { perSecond, atOnce: burstSeconds * perSecond },
      );
    packets.set(source, allowance);

    return allowance;
  }
}

/** The packets since then; of pictures, those that their bytes do not account for. */
function weightOf(source: MediaSource, now: Tally, before: Tally): number {
  const packets = now.packets - before.packets;

  return kindOfSource[source] === 'audio' ? packets : packets - (now.bytes - before.bytes) / fullPacketBytes;
}
