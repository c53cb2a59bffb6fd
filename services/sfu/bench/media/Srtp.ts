import { createCipheriv } from 'node:crypto';

/** AEAD_AES_256_GCM (RFC 7714): what Chromium and the worker agree on, so that the benches measure with it. */
export const cryptoSuite = 'AEAD_AES_256_GCM';

export const masterKeyBytes = 32;
export const masterSaltBytes = 12;

const tagLength = 16;

/** Labels of RFC 3711, section 4.3.2. */
const labels = { rtpKey: 0, rtpSalt: 2, rtcpKey: 3, rtcpSalt: 5 } as const;

/** Encrypts what one sender sends, RTP and RTCP, with the keys of one master key and salt (44 bytes together). */
export class SrtpSender {
  readonly #rtpKey: Buffer;
  readonly #rtpSalt: Buffer;
  readonly #rtcpKey: Buffer;
  readonly #rtcpSalt: Buffer;
  #rtcpIndex = 0;

  constructor(master: Buffer) {
    const derive = (label: number, length: number): Buffer => deriveKey(master, label, length);
    this.#rtpKey = derive(labels.rtpKey, masterKeyBytes);
    this.#rtpSalt = derive(labels.rtpSalt, masterSaltBytes);
    this.#rtcpKey = derive(labels.rtcpKey, masterKeyBytes);
    this.#rtcpSalt = derive(labels.rtcpSalt, masterSaltBytes);
  }

  /** @param rollover How often the sequence number has wrapped. */
  protectRtp(header: Buffer, payload: Buffer, rollover: number): Buffer {
    const iv = Buffer.alloc(12);
    header.copy(iv, 2, 8, 12);
    iv.writeUInt32BE(rollover, 6);
    header.copy(iv, 10, 2, 4);
    const cipher = createCipheriv('aes-256-gcm', this.#rtpKey, xor(iv, this.#rtpSalt), {
      authTagLength: tagLength,
    });
    cipher.setAAD(header);

    return Buffer.concat([header, cipher.update(payload), cipher.final(), cipher.getAuthTag()]);
  }

  /** @param packet A compound packet whose first eight bytes are those of its first report. */
  protectRtcp(packet: Buffer): Buffer {
    this.#rtcpIndex += 1;
    const index = Buffer.alloc(4);
    // The first bit says that the packet is encrypted.
    index.writeUInt32BE((0x80000000 | this.#rtcpIndex) >>> 0);
    const iv = Buffer.alloc(12);
    packet.copy(iv, 2, 4, 8);
    iv.writeUInt32BE(this.#rtcpIndex, 8);
    const header = packet.subarray(0, 8);
    const cipher = createCipheriv('aes-256-gcm', this.#rtcpKey, xor(iv, this.#rtcpSalt), {
      authTagLength: tagLength,
    });
    cipher.setAAD(Buffer.concat([header, index]));

    return Buffer.concat([
      header,
      cipher.update(packet.subarray(8)),
      cipher.final(),
      cipher.getAuthTag(),
      index,
    ]);
  }
}

/** The key derivation of RFC 3711 with AES-256 (RFC 6188), the rate being zero. */
function deriveKey(master: Buffer, label: number, length: number): Buffer {
  const input = Buffer.alloc(16);
  master.copy(input, 0, masterKeyBytes, masterKeyBytes + masterSaltBytes);
  input[7] = (input[7] ?? 0) ^ label;

  return createCipheriv('aes-256-ctr', master.subarray(0, masterKeyBytes), input).update(
    Buffer.alloc(length),
  );
}

function xor(a: Buffer, b: Buffer): Buffer {
  const result = Buffer.alloc(a.length);
  for (let index = 0; index < a.length; index += 1) {
    result[index] = (a[index] ?? 0) ^ (b[index] ?? 0);
  }

  return result;
}
