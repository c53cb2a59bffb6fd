import type { types } from 'mediasoup';
import { Allowance, burstSeconds } from './Allowance.ts';
import type { DataLimits } from './data/DataRate.ts';
import { transportStats } from './transportStats.ts';

/**
 * Bits a second that may be sent again, beside as many as are sent for the first time. A network that loses three packets
 * in ten has three in seven sent again, one that loses half of them as many as there are; the rest is for what is asked
 * for twice while it is on its way.
 */
const resentBitrate = 2_000_000;

/** Bits a second of reports, acknowledgements and checks of the path that may come of who is sent hardly anything. */
const feedbackBitrate = 1_000_000;

/** Twice what RFC 3550 6.2 lets reports have of what they report on. */
const feedbackShare = 0.1;

/** An acknowledgement of a data message, in its SCTP and DTLS packet. */
const acknowledgementBits = 800;

interface Look {
  readonly atMs: number;
  readonly sent: number;
  readonly resent: number;
  readonly received: number;
}

interface Account {
  readonly resent: Allowance;
  readonly received: Allowance;
  last: Look | undefined;
  /** What was sent since the look before and not asked for again yet. */
  notResent: number;
}

/**
 * Holds participants to what they may have sent again, and to what may come back of what they receive. The worker sends
 * a packet again as often as the receiver says it was lost, once in a round trip, of which the receiver's reports are the
 * only measure: a little feedback of an invented kind makes it send hundreds of times as much.
 */
export class ReceivingLimit {
  readonly #feedback: number;
  readonly #accounts = new WeakMap<types.Transport, Account>();

  constructor({ callMessagesPerSecond }: DataLimits) {
    this.#feedback = (feedbackBitrate + acknowledgementBits * callMessagesPerSecond) / 8;
  }

  /** Looks at what has gone and come since the last time; answers whether it has become too much. */
  async isExceeded(receive: types.Transport): Promise<boolean> {
    const stats = await transportStats(receive);
    const account = this.#accountOf(receive);
    const { last } = account;
    if (stats.timestamp === undefined || (last !== undefined && stats.timestamp <= last.atMs)) {
      return false;
    }
    const { rtpBytesSent: sent = 0, rtxBytesSent: resent = 0, bytesReceived: received = 0 } = stats;
    const look = { atMs: stats.timestamp, sent, resent, received };
    account.last = look;

    return isTooMuch(account, last ?? { ...look, sent: 0, resent: 0, received: 0 }, look);
  }

  #accountOf(receive: types.Transport): Account {
    const known = this.#accounts.get(receive);
    if (known !== undefined) {
      return known;
    }
    const account = {
      resent: allowanceOf(resentBitrate / 8),
      received: allowanceOf(this.#feedback),
      last: undefined,
      notResent: 0,
    };
    this.#accounts.set(receive, account);

    return account;
  }
}

function isTooMuch(account: Account, last: Look, look: Look): boolean {
  const seconds = (look.atMs - last.atMs) / 1000;
  const sent = look.sent - last.sent;
  const resent = look.resent - last.resent;
  const beyond = account.resent.use(resent - sent - account.notResent, seconds);
  // What was sent just before a look is asked for again after it, when nothing more may be sent.
  account.notResent = Math.max(0, sent - resent);
  const isFlooding = account.received.use(look.received - last.received - feedbackShare * sent, seconds);

  return beyond || isFlooding;
}

function allowanceOf(bytesPerSecond: number): Allowance {
  return new Allowance({ perSecond: bytesPerSecond, atOnce: burstSeconds * bytesPerSecond });
}
