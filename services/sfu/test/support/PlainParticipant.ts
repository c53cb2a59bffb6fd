import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createDeferred, type Deferred } from '@parley/kit';
import {
  kindOfSource,
  type ConsumerInfo,
  type MediaOffer,
  type MediaParameters,
  type MediaSource,
  type RtpCapabilities,
  type RtpParameters,
} from '@parley/protocol';
import type { ParticipantMedia } from '../../src/media/mediaTypes.ts';
import { addressOffer } from './plainTransports.ts';
import { audioPacket } from './audioPacket.ts';
import { opusParameters, vp8Parameters } from './rtpParameters.ts';
import { senderReport } from './SimulcastSender.ts';

interface Sending {
  readonly rtpParameters: RtpParameters;
  readonly ssrc: number;
  producerId: string;
}

const packetIntervalMs = 20;

/** A packet of sound as it has arrived. */
export interface HeardPacket {
  readonly producerId: string;
  /** RFC 3550: who is heard in a slot; 0 of a stream that is one person's own. */
  readonly contributingSource: number;
  /** Counts the packets of its sender, whatever became of them on the way. */
  readonly index: number;
  /** Which encoding of a picture it is of, the smallest being 0. */
  readonly layer: number;
}

let ssrcs = 1_000;

/**
 * A participant of a call of plain RTP who does what a client does: plays all that is forwarded to it, and after a
 * loss produces again what it produced.
 */
export class PlainParticipant {
  readonly id: string;
  readonly offer: MediaOffer;
  /** The transports it sends over that took the place of others. */
  readonly resetTo: string[] = [];
  /** When it was asked for a key frame. */
  readonly keyFrameRequestsAtMs: number[] = [];
  /** Ids of the consumers that were closed though their streams went on. */
  readonly closed: string[] = [];
  isOnHold = false;
  /** Every so many of its packets are lost on the way; none is. */
  losesEvery = Infinity;
  /** Whether it does at once what a client does when its transports are replaced. */
  mayRebuild = true;
  media!: ParticipantMedia;
  /** How loud its microphone is, decibels below full scale. */
  db = 30;
  readonly heard: HeardPacket[] = [];
  readonly #packets = new Map<string, number>();
  readonly #socket: Socket;
  readonly #sending = new Map<MediaSource, Sending>();
  readonly #producerOf = new Map<number, string>();
  readonly #waiting = new Map<string, Deferred<void>>();
  readonly #timer: NodeJS.Timeout;
  #sequence = 0;

  private constructor(id: string, socket: Socket, offer: MediaOffer) {
    this.id = id;
    this.offer = offer;
    this.#socket = socket;
    socket.on('message', (packet) => this.#receive(packet));
    this.#timer = setInterval(() => this.#send(), packetIntervalMs);
  }

  static async open(
    id: string,
    rtpCapabilities: RtpCapabilities,
    expectedVideos = 0,
  ): Promise<PlainParticipant> {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const dtlsFingerprints = [addressOffer(socket.address().port)];

    return new PlainParticipant(id, socket, { rtpCapabilities, dtlsFingerprints, expectedVideos });
  }

  /** How often its transports were replaced. */
  get resets(): number {
    return this.resetTo.length;
  }

  async enter(media: ParticipantMedia): Promise<void> {
    this.media = media;
    await this.play(media.parameters.consumers);
  }

  /** Sends the source, and goes on sending it wherever the call moves. Answers the producer's id. */
  async produce(source: MediaSource, codec = 'video/VP8', encodings = 1): Promise<string> {
    const ssrc = (ssrcs += 10);
    const rtpParameters =
      kindOfSource[source] === 'audio' ? audioOf(ssrc, ssrc) : videoOf(ssrc, ssrc, codec, encodings);
    const sending = { rtpParameters, ssrc, producerId: await this.#ask(source, rtpParameters) };
    this.#sending.set(source, sending);

    return sending.producerId;
  }

  async hold(isOnHold: boolean): Promise<void> {
    this.isOnHold = isOnHold;
    await this.media.setOnHold(isOnHold);
  }

  async show(producerId: string): Promise<ConsumerInfo[]> {
    const { consumers } = await this.media.consume([producerId]);
    await this.play(consumers);

    return consumers;
  }

  async play(consumers: readonly ConsumerInfo[]): Promise<void> {
    for (const { producerId, rtpParameters } of consumers) {
      this.#producerOf.set(rtpParameters.encodings?.[0]?.ssrc ?? 0, producerId);
    }
    await this.media.resumeConsumers(consumers.map(({ id }) => id));
  }

  /** What a client does on `mediaReset`. */
  async rebuild({ sendTransport, consumers }: MediaParameters): Promise<void> {
    this.resetTo.push(sendTransport.id);
    this.#producerOf.clear();
    if (this.mayRebuild) {
      await Promise.all([this.play(consumers), this.produceAgain()]);
    }
  }

  async produceAgain(): Promise<void> {
    await Promise.all(
      [...this.#sending].map(async ([source, sending]) => {
        sending.producerId = await this.#ask(source, sending.rtpParameters);
      }),
    );
  }

  /** Resolves with the next packet of that producer. */
  async hears(producerId: string): Promise<void> {
    const next = this.#waiting.get(producerId) ?? createDeferred<void>();
    this.#waiting.set(producerId, next);
    await next.promise;
  }

  /** Says, as RFC 3550 6.4.2 has it, that so many packets of that producer have not arrived. */
  reportLoss(producerId: string, packets: number): void {
    const [ssrc = 0] = [...this.#producerOf].find(([, of]) => of === producerId) ?? [];
    const report = Buffer.alloc(32);
    report.writeUInt16BE(0x81_c9);
    report.writeUInt16BE(7, 2);
    report.writeUInt32BE(ssrc, 8);
    report.writeUIntBE(packets, 13, 3);
    const port = this.media.parameters.receiveTransport.iceCandidates[0]?.port;
    this.#socket.send(report, port, '127.0.0.1');
  }

  /** How many packets of it have arrived. */
  packetsOf(producerId: string): number {
    return this.#packets.get(producerId) ?? 0;
  }

  producerOf(source: MediaSource): string | undefined {
    return this.#sending.get(source)?.producerId;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.close();
  }

  #ask(source: MediaSource, rtpParameters: RtpParameters): Promise<string> {
    const transportId = this.media.parameters.sendTransport.id;

    return this.media.produce({ transportId, source, rtpParameters, paused: false });
  }

  #send(): void {
    if (this.#sending.size === 0) {
      return;
    }
    this.#sequence += 1;
    const port = this.#portOf();
    for (const [source, { ssrc, rtpParameters }] of this.#sending) {
      const { encodings = [] } = rtpParameters;
      for (const layer of encodings.keys()) {
        const packets = this.#packetsOf(source, ssrc + layer, layer, encodings.length > 1);
        if (port !== undefined && this.#sequence % this.losesEvery !== 0) {
          packets.forEach((packet) => this.#socket.send(packet, port, '127.0.0.1'));
        }
      }
    }
  }

  #packetsOf(source: MediaSource, ssrc: number, layer: number, isOneOfSeveral: boolean): Buffer[] {
    const payload = Buffer.alloc(20);
    payload.writeUInt8(layer, 15);
    payload.writeUInt32BE(this.#sequence, 16);
    const packet = audioPacket({ ssrc, sequence: this.#sequence, db: this.db, payload });
    if (kindOfSource[source] === 'video') {
      packet.writeUInt8(96, 1);
      // RFC 7741: the first partition of a key frame. Whoever begins to watch need not wait for another.
      packet.writeUInt8(0x10, 20);
    }

    // Nobody goes from one layer to another before both are known to be in one time.
    return isOneOfSeveral ? [senderReport(ssrc, Date.now(), packet.readUInt32BE(4)), packet] : [packet];
  }

  /** Undefined while the media is being moved. */
  #portOf(): number | undefined {
    try {
      return this.media.parameters.sendTransport.iceCandidates[0]?.port;
    } catch {
      return undefined;
    }
  }

  #receive(packet: Buffer): void {
    const isRtcp = packet.readUInt8(1) >= 192 && packet.readUInt8(1) <= 223;
    if (isRtcp && isPictureLossIndication(packet)) {
      this.keyFrameRequestsAtMs.push(performance.now());
    }
    const producerId = isRtcp ? undefined : this.#producerOf.get(packet.readUInt32BE(8));
    if (producerId !== undefined) {
      this.heard.push({
        producerId,
        contributingSource: (packet.readUInt8(0) & 0x0f) === 0 ? 0 : packet.readUInt32BE(12),
        index: packet.readUInt32BE(packet.length - 4),
        layer: packet.readUInt8(packet.length - 5),
      });
      this.#packets.set(producerId, this.packetsOf(producerId) + 1);
      this.#waiting.get(producerId)?.resolve();
      this.#waiting.delete(producerId);
    }
  }
}

/** RFC 4585: payload-specific feedback, format 1. mediasoup sends each in a packet of its own. */
function isPictureLossIndication(packet: Buffer): boolean {
  return packet.readUInt8(1) === 206 && (packet.readUInt8(0) & 0x1f) === 1;
}

function audioOf(ssrc: number, stream: number): RtpParameters {
  return { ...opusParameters(stream), encodings: [{ ssrc, dtx: true }] };
}

function videoOf(ssrc: number, stream: number, mimeType: string, layers: number): RtpParameters {
  const { codecs, rtcp } = vp8Parameters(stream);

  return {
    mid: `${stream}`,
    codecs: codecs.slice(0, 1).map((codec) => ({ ...codec, mimeType })),
    encodings: Array.from({ length: layers }, (_, layer) => ({ ssrc: ssrc + layer })),
    ...(rtcp && { rtcp }),
  };
}
