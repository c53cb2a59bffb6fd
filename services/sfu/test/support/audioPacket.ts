/** The id of RFC 6464's audio level among the extensions of `opusParameters`. */
const audioLevelId = 1;

/** One RTP packet of 20 ms of Opus whose header says how loud it is, in decibels below full scale. */
export function audioPacket(options: {
  ssrc: number;
  sequence: number;
  db: number;
  payload?: Uint8Array;
}): Buffer {
  const { ssrc, sequence, db, payload = new Uint8Array(20) } = options;
  const packet = Buffer.alloc(12 + 8 + payload.length);
  packet.writeUInt8(0b1001_0000, 0); // RFC 3550: version 2, with a header extension.
  packet.writeUInt8(111, 1);
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE((sequence * 960) >>> 0, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt16BE(0xbede, 12); // RFC 8285: one-byte extensions, one word of them.
  packet.writeUInt16BE(1, 14);
  packet.writeUInt8(audioLevelId << 4, 16);
  packet.writeUInt8(0x80 | db, 17); // Voice activity, and the level.
  packet.set(payload, 20);

  return packet;
}
