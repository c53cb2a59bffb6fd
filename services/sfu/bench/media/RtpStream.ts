import type { SrtpSender } from './Srtp.ts';

export interface RtpStreamOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRate: number;
  readonly packetsPerSecond: number;
  readonly payloadBytes: number;
  /** Header extensions, RFC 8285's one-byte form: id and bytes. */
  readonly extensions: readonly { readonly id: number; readonly value: Buffer }[];
  /** Video begins each of its pictures with VP8's payload descriptor (RFC 7741). */
  readonly codec: 'opus' | 'vp8';
}

/** A key frame as often as this stands in for the answers to key-frame requests, which nobody here reads. */
const keyFrameEveryMs = 1_000;

/** Where the epoch of NTP lies before that of Unix, seconds. */
const ntpEpochSeconds = 2_208_988_800;

/** One stream of RTP packets with nothing to see or hear in it, which an SFU cannot tell from a real one. */
export class RtpStream {
  readonly #options: RtpStreamOptions;
  readonly #header: Buffer;
  readonly #payload: Buffer;
  readonly #startedAtMs: number;
  /** Not 0: whoever counts losses takes the first packet for the one after the last of a cycle. */
  #sequence = 1;
  #rollover = 0;
  #sent = 0;
  #skipped = 0;
  #pictureId = 0;
  #keyFrameAtMs = -Infinity;

  constructor(options: RtpStreamOptions, nowMs: number) {
    this.#options = options;
    this.#header = headerOf(options);
    this.#payload = Buffer.alloc(options.payloadBytes, 0x55);
    this.#startedAtMs = nowMs;
  }

  get sent(): number {
    return this.#sent;
  }

  /** How many packets should have left by then and have not. */
  due(nowMs: number): number {
    return this.#expectedBy(nowMs) - this.#sent - this.#skipped;
  }

  /** What is due by then is not going to be sent. */
  skip(nowMs: number): void {
    this.#skipped = this.#expectedBy(nowMs) - this.#sent;
  }

  next(srtp: SrtpSender, nowMs: number): Buffer {
    const { payloadType } = this.#options;
    // One packet a picture: each is its picture's last.
    this.#header[1] = this.#options.codec === 'vp8' ? payloadType | 0x80 : payloadType;
    this.#header.writeUInt16BE(this.#sequence, 2);
    this.#header.writeUInt32BE(this.#timestampAt(nowMs), 4);
    if (this.#options.codec === 'vp8') {
      this.#describePicture(nowMs);
    }
    const packet = srtp.protectRtp(Buffer.from(this.#header), this.#payload, this.#rollover);
    this.#sent += 1;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#rollover += this.#sequence === 0 ? 1 : 0;

    return packet;
  }

  /** A sender report (RFC 3550, section 6.4.1): without one the SFU cannot change between simulcast layers. */
  report(srtp: SrtpSender, nowMs: number): Buffer {
    const packet = Buffer.alloc(28);
    packet.writeUInt16BE(0x80c8, 0);
    packet.writeUInt16BE(packet.length / 4 - 1, 2);
    packet.writeUInt32BE(this.#options.ssrc, 4);
    packet.writeUInt32BE((Math.floor(nowMs / 1000) + ntpEpochSeconds) >>> 0, 8);
    packet.writeUInt32BE(Math.floor(((nowMs % 1000) / 1000) * 2 ** 32) >>> 0, 12);
    packet.writeUInt32BE(this.#timestampAt(nowMs), 16);
    packet.writeUInt32BE(this.#sent >>> 0, 20);
    packet.writeUInt32BE((this.#sent * this.#options.payloadBytes) >>> 0, 24);

    return srtp.protectRtcp(packet);
  }

  #expectedBy(nowMs: number): number {
    return Math.floor(((nowMs - this.#startedAtMs) / 1000) * this.#options.packetsPerSecond);
  }

  #timestampAt(nowMs: number): number {
    return Math.floor(((nowMs - this.#startedAtMs) / 1000) * this.#options.clockRate) >>> 0;
  }

  #describePicture(nowMs: number): void {
    const isKeyFrame = nowMs - this.#keyFrameAtMs >= keyFrameEveryMs;
    this.#keyFrameAtMs = isKeyFrame ? nowMs : this.#keyFrameAtMs;
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    // X and S; I; the picture's id in two bytes; then VP8's own first byte, whose lowest bit is 0 in a key frame.
    this.#payload[0] = 0x90;
    this.#payload[1] = 0x80;
    this.#payload.writeUInt16BE(0x8000 | this.#pictureId, 2);
    this.#payload[4] = isKeyFrame ? 0x10 : 0x11;
  }
}

function headerOf({ ssrc, extensions }: RtpStreamOptions): Buffer {
  const elements = extensions.flatMap(({ id, value }) => [
    Buffer.from([(id << 4) | (value.length - 1)]),
    value,
  ]);
  const body = Buffer.concat(elements);
  const padded = Buffer.alloc(Math.ceil(body.length / 4) * 4);
  body.copy(padded);
  const fixed = Buffer.alloc(12);
  fixed[0] = extensions.length > 0 ? 0x90 : 0x80;
  fixed.writeUInt32BE(ssrc, 8);
  if (extensions.length === 0) {
    return fixed;
  }
  const profile = Buffer.alloc(4);
  profile.writeUInt16BE(0xbede, 0);
  profile.writeUInt16BE(padded.length / 4, 2);

  return Buffer.concat([fixed, profile, padded]);
}
