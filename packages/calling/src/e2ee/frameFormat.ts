import type { MediaSource } from '@parley/protocol';

/*
 * An encrypted frame, with SFrame's fields (RFC 9605) behind the payload instead of before it:
 *
 *   clear bytes │ ciphertext │ tag (16) │ KID (8) │ CTR (1 to 6) │ control (1)
 *               └ encrypted ─┘          └────────── trailer ───────────┘
 *
 *   control    1 0 1 0   S   L L L
 *              version   │   └ length of CTR − 1
 *                        └ cipher suite: 0 is AES-128-GCM, 1 is AES-256-GCM
 *   KID        key index (1), random bytes of the sender (7)
 *
 * Of Opus the clear bytes are made for it, and all of the frame is ciphertext.
 *
 * Authenticated are trailer, source and clear bytes, in this order, as the associated data. The trailer comes last since
 * the first bytes of a frame are read on the way.
 */

export type Codec = 'opus' | 'vp8' | 'vp9';

/** Of RFC 9605: what frames are encrypted with. */
export type Cipher = 'AES-128-GCM' | 'AES-256-GCM';

/** What a frame says of itself in the clear. */
export interface FrameHeader {
  /** RFC 9605, section 4.3. */
  readonly kid: bigint;
  readonly counter: number;
  readonly cipher: Cipher;
}

/** What a frame is, which both ends know without being told by it. */
export interface FrameContext {
  readonly codec: Codec;
  readonly source: MediaSource;
}

export interface SealedFrame {
  readonly header: FrameHeader;
  readonly trailer: Uint8Array<ArrayBuffer>;
  readonly clear: Uint8Array<ArrayBuffer>;
  /** With its tag. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

const tagBytes = 16;
export const maxCounter = 2 ** 48 - 1;

const kidBytes = 8;
const version = 0b1010;
const sources: readonly MediaSource[] = ['microphone', 'camera', 'screenAudio', 'screen'];

/** Undefined for a codec that is not encrypted, and so not sent while encryption is on. */
export function codecOf(mimeType: string): Codec | undefined {
  const [, name = ''] = mimeType.toLowerCase().split('/');

  return name === 'opus' || name === 'vp8' || name === 'vp9' ? name : undefined;
}

/**
 * How many bytes of an encrypted frame are clear: those that server and browser read on the way.
 *
 * - VP8 (RFC 6386, section 9.1): the frame tag, whose first bit says whether it is a key frame, and of those the start
 *   code and the size of the picture.
 * - VP9: none. All that is read of it is in the payload descriptor, which is outside of the frame (RFC 9628).
 * - Opus: two, see `openingOf`.
 */
export function clearBytesOf(codec: Codec, frame: Uint8Array): number {
  const [first = 0] = frame;
  const isKeyFrame = (first & 1) === 0;
  const wanted = { opus: 2, vp8: isKeyFrame ? 10 : 3, vp9: 0 }[codec];

  return Math.min(wanted, frame.length);
}

/**
 * What of a frame is clear, and what is not.
 *
 * Any bytes behind one of Opus's first bytes are sound to its decoder, and in a page that does not decrypt them noise as loud as
 * can be. So a packet of no frames is pretended (RFC 6716, section 3.2.5: code 3, and a count of 0), which every decoder refuses;
 * bandwidth and channels are as they are in the first byte of the frame, which is hidden as a whole.
 */
export function openingOf(
  codec: Codec,
  frame: Uint8Array<ArrayBuffer>,
): { readonly clear: Uint8Array<ArrayBuffer>; readonly hidden: Uint8Array<ArrayBuffer> } {
  if (codec === 'opus') {
    return { clear: Uint8Array.of((frame[0] ?? 0) | 0b11, 0), hidden: frame };
  }
  const clearBytes = clearBytesOf(codec, frame);

  return { clear: frame.slice(0, clearBytes), hidden: frame.slice(clearBytes) };
}

/** The frame again. */
export function closingOf(codec: Codec, clear: Uint8Array, hidden: Uint8Array): Uint8Array<ArrayBuffer> {
  return codec === 'opus' ? Uint8Array.from(hidden) : joinBytes(clear, hidden);
}

export function kidOf(keyIndex: number, sender: Uint8Array): bigint {
  return sender.slice(0, kidBytes - 1).reduce((kid, byte) => (kid << 8n) | BigInt(byte), BigInt(keyIndex));
}

export function keyIndexOf(kid: bigint): number {
  return Number(kid >> 56n);
}

export function trailerOf({ kid, counter, cipher }: FrameHeader): Uint8Array<ArrayBuffer> {
  const counterBytes = bigEndian(counter);
  const trailer = new Uint8Array(kidBytes + counterBytes.length + 1);
  new DataView(trailer.buffer).setBigUint64(0, kid);
  trailer.set(counterBytes, kidBytes);
  trailer[trailer.length - 1] =
    (version << 4) | (cipher === 'AES-256-GCM' ? 0b1000 : 0) | (counterBytes.length - 1);

  return trailer;
}

/** Undefined for what does not look like an encrypted frame. */
export function parseFrame(frame: Uint8Array<ArrayBuffer>, codec: Codec): SealedFrame | undefined {
  const control = frame.at(-1) ?? 0;
  const trailerBytes = kidBytes + (control & 0b111) + 2;
  const clearBytes = clearBytesOf(codec, frame);
  const end = frame.length - trailerBytes;
  // A frame shorter than its clear bytes has no more of them than it is long, so there need only be a tag.
  if (control >> 4 !== version || (control & 0b111) > 5 || end < tagBytes) {
    return undefined;
  }
  const trailer = frame.slice(end);
  const kid = new DataView(trailer.buffer).getBigUint64(0);
  const counter = trailer.slice(kidBytes, -1).reduce((sum, byte) => sum * 256 + byte, 0);
  const cipher = (control & 0b1000) === 0 ? 'AES-128-GCM' : 'AES-256-GCM';
  const clearEnd = Math.min(clearBytes, end - tagBytes);

  return {
    header: { kid, counter, cipher },
    trailer,
    clear: frame.slice(0, clearEnd),
    ciphertext: frame.slice(clearEnd, end),
  };
}

/** What is authenticated and not encrypted: also the source, so that a screen cannot be shown as somebody's camera. */
export function associatedData(
  trailer: Uint8Array,
  source: MediaSource,
  clear: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return joinBytes(trailer, Uint8Array.of(sources.indexOf(source)), clear);
}

export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }

  return joined;
}

/** In as few bytes as it takes, at least one. */
function bigEndian(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0 || bytes.length === 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }

  return bytes;
}
