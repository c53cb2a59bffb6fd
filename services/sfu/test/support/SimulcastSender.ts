import type { types } from 'mediasoup';
import { SentStream } from '../../src/media/SentStream.ts';
import { vp8Parameters } from './rtpParameters.ts';

const frameMs = 33;
const reportMs = 200;
const bytesOfPacket = 1_200;

/** Packets of a frame in each encoding: 100 kbit/s, 300 and 1200. */
const packetSizes = [[400], [bytesOfPacket], [bytesOfPacket, bytesOfPacket, bytesOfPacket, bytesOfPacket]];

/** A camera of three simulcast layers, without a camera: every frame is a key frame and says which layer it is of. */
export class SimulcastSender {
  readonly stream: SentStream;
  readonly #transport: types.DirectTransport;
  readonly #producer: types.Producer;
  readonly #ssrcs: readonly number[];
  readonly #sequences = [0, 0, 0];
  readonly #timer: NodeJS.Timeout;
  readonly #startedAtMs = Date.now();
  #frames = 0;
  #reportedAtMs = 0;

  private constructor(
    stream: SentStream,
    transport: types.DirectTransport,
    producer: types.Producer,
    ssrcs: readonly number[],
  ) {
    this.stream = stream;
    this.#transport = transport;
    this.#producer = producer;
    this.#ssrcs = ssrcs;
    // A timer that comes late is made up for: the bit rate is what the tests are about.
    this.#timer = setInterval(() => {
      while (this.#frames * frameMs <= Date.now() - this.#startedAtMs) {
        this.#send(this.#startedAtMs + this.#frames * frameMs);
        this.#frames += 1;
      }
    }, 10);
  }

  static async open(router: types.Router, participantId: string): Promise<SimulcastSender> {
    const transport = await router.createDirectTransport();
    const ssrcs = [0, 1, 2].map(() => Math.floor(Math.random() * 2 ** 31));
    const parameters = vp8Parameters() as types.RtpParameters;
    const producer = await transport.produce({
      kind: 'video',
      rtpParameters: {
        ...parameters,
        codecs: parameters.codecs.slice(0, 1),
        headerExtensions: [],
        encodings: ssrcs.map((ssrc) => ({ ssrc })),
      },
    });
    const stream = new SentStream({ id: producer.id, participantId, source: 'camera', paused: false });
    stream.size = { width: 1280, height: 720 };
    stream.open({ router, producer });

    return new SimulcastSender(stream, transport, producer, ssrcs);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#transport.close();
  }

  #send(nowMs: number): void {
    const timestamp = ((nowMs - this.#startedAtMs) * 90) >>> 0;
    for (const [layer, sizes] of packetSizes.entries()) {
      const ssrc = this.#ssrcs[layer] ?? 0;
      if (nowMs - this.#reportedAtMs >= reportMs) {
        this.#transport.sendRtcp(senderReport(ssrc, nowMs, timestamp));
      }
      for (const [index, size] of sizes.entries()) {
        const sequence = (this.#sequences[layer] ?? 0) + 1;
        this.#sequences[layer] = sequence;
        const isLast = index === sizes.length - 1;
        this.#producer.send(
          videoPacket({ ssrc, sequence, timestamp, layer, size, isFirst: index === 0, isLast }),
        );
      }
    }
    if (nowMs - this.#reportedAtMs >= reportMs) {
      this.#reportedAtMs = nowMs;
    }
  }
}

/** Which layer a packet that was forwarded is of. */
export function layerOf(packet: Buffer): number {
  return packet.readUInt8(packet.length - 1);
}

function videoPacket(options: {
  ssrc: number;
  sequence: number;
  timestamp: number;
  layer: number;
  size: number;
  isFirst: boolean;
  isLast: boolean;
}): Buffer {
  const { ssrc, sequence, timestamp, layer, size, isFirst, isLast } = options;
  const packet = Buffer.alloc(size, 1);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8(isLast ? 0x80 | 96 : 96, 1);
  packet.writeUInt16BE(sequence & 0xffff, 2);
  packet.writeUInt32BE(timestamp, 4);
  packet.writeUInt32BE(ssrc, 8);
  // RFC 7741: the beginning of a partition, and the header of a key frame.
  packet.writeUInt8(isFirst ? 0x10 : 0x00, 12);
  packet.set([0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00], 13);
  packet.writeUInt8(layer, size - 1);

  return packet;
}

/** RFC 3550: what time the timestamps of a stream stand for, without which layers cannot be put in one time. */
export function senderReport(ssrc: number, nowMs: number, timestamp: number): Buffer {
  const report = Buffer.alloc(28);
  report.writeUInt8(0x80, 0);
  report.writeUInt8(200, 1);
  report.writeUInt16BE(6, 2);
  report.writeUInt32BE(ssrc, 4);
  report.writeUInt32BE(Math.floor(nowMs / 1000) + 2_208_988_800, 8);
  report.writeUInt32BE(Math.floor(((nowMs % 1000) / 1000) * 2 ** 32), 12);
  report.writeUInt32BE(timestamp, 16);

  return report;
}
