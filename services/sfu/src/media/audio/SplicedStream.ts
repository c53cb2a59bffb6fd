/** RFC 7587: Opus counts in 48 kHz whatever it carries. */
const ticksPerMs = 48;

/** A packet of 20 ms. */
const packetTicks = 20 * ticksPerMs;

/** Larger than any packet a path lets through. */
const maxPacketBytes = 2_048;

const fixedHeaderBytes = 12;
const contributingSourceBytes = 4;

/** By how many packets one may come late. */
const reordering = 500;

/** How one source's counting is brought into that of the whole. */
interface Splice {
  readonly contributingSource: number;
  /** What is older came too late to be let in. */
  oldestSequence: number;
  readonly sequenceOffset: number;
  readonly timestampOffset: number;
  isBegun: boolean;
}

/**
 * Makes one RTP stream of pieces of many. The SSRC is its own; sequence numbers and timestamps run on where one piece
 * follows another, with the gaps and losses inside a piece kept, so that a receiver hears one speaker after the other
 * and nothing in between. Each packet names its source as contributing source (RFC 3550); the payload is not touched.
 */
export class SplicedStream {
  readonly #ssrc: number;
  /** What comes out; reused, since a packet is on its way before the next one is made. */
  readonly #packet = Buffer.alloc(maxPacketBytes);
  #splice: Splice | undefined;
  #sequence: number;
  #timestamp: number;
  /** What the timestamp was at that time, by which pieces take their place in time. */
  readonly #originTimestamp: number;
  #originAtMs: number | undefined;

  /** @param start RFC 3550 wants both counts to begin at random. */
  constructor(ssrc: number, start: { readonly sequence: number; readonly timestamp: number }) {
    this.#ssrc = ssrc;
    this.#sequence = start.sequence;
    this.#timestamp = start.timestamp;
    this.#originTimestamp = start.timestamp;
  }

  /** The next piece begins with this packet, which arrived then. */
  begin(packet: Buffer, contributingSource: number, arrivedAtMs: number): void {
    this.#originAtMs ??= arrivedAtMs;
    const inTime = this.#originTimestamp + Math.round((arrivedAtMs - this.#originAtMs) * ticksPerMs);
    const earliest = this.#timestamp + packetTicks;
    // A word that was heard late overlaps what came before it: it follows then, and its receiver catches up.
    const timestamp = signed32(inTime - earliest) > 0 ? inTime : earliest;
    this.#splice = {
      contributingSource,
      oldestSequence: packet.readUInt16BE(2),
      sequenceOffset: this.#sequence + 1 - packet.readUInt16BE(2),
      timestampOffset: timestamp - packet.readUInt32BE(4),
      isBegun: false,
    };
  }

  /**
   * The packet as one of the stream's own, valid until the next call; undefined for one that was sent before the piece
   * began and came late, as its place is taken.
   */
  rewrite(packet: Buffer): Buffer | undefined {
    const splice = this.#splice;
    const bodyStart = fixedHeaderBytes + contributingSourceBytes * ((packet[0] ?? 0) & 0x0f);
    const length = packet.length - bodyStart + fixedHeaderBytes + contributingSourceBytes;
    if (splice === undefined || packet.length < bodyStart || length > maxPacketBytes) {
      return undefined;
    }
    const sent = packet.readUInt16BE(2);
    const age = signed16(sent - splice.oldestSequence);
    if (age < 0) {
      return undefined;
    }
    if (age > 2 * reordering) {
      splice.oldestSequence = (sent - reordering) & 0xffff;
    }
    const sequence = (sent + splice.sequenceOffset) & 0xffff;
    const timestamp = (packet.readUInt32BE(4) + splice.timestampOffset) >>> 0;
    const to = this.#packet;
    to[0] = ((packet[0] ?? 0) & 0xf0) | 1;
    // RFC 3551: the marker bit stands where sound begins after silence.
    to[1] = splice.isBegun ? (packet[1] ?? 0) : (packet[1] ?? 0) | 0x80;
    to.writeUInt16BE(sequence, 2);
    to.writeUInt32BE(timestamp, 4);
    to.writeUInt32BE(this.#ssrc, 8);
    to.writeUInt32BE(splice.contributingSource, 12);
    packet.copy(to, fixedHeaderBytes + contributingSourceBytes, bodyStart);
    splice.isBegun = true;
    if (signed16(sequence - this.#sequence) > 0) {
      this.#sequence = sequence;
      this.#timestamp = timestamp;
    }

    return to.subarray(0, length);
  }
}

/** Which of two 16-bit counts is ahead, however often they have begun anew: the sign of their difference. */
function signed16(difference: number): number {
  return (difference << 16) >> 16;
}

function signed32(difference: number): number {
  return difference | 0;
}
