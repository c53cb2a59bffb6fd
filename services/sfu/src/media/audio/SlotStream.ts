import { randomInt, randomUUID } from 'node:crypto';
import { contributingSourceOf } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { DirectSite } from '../DirectSite.ts';
import type { Origin, Stream } from '../Stream.ts';
import { audioLevelUri } from './audioLevel.ts';
import { SplicedStream } from './SplicedStream.ts';

const captureTimeUri = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time';

/**
 * One of the streams that carry the loudest: to its listeners a microphone that changes its owner. Every site of the
 * call has a producer of it, and all are fed the same packets.
 */
export class SlotStream implements Stream {
  readonly id = randomUUID();
  readonly kind = 'audio';
  readonly source = 'microphone';
  readonly participantId = undefined;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #spliced = new SplicedStream(this.#ssrc, {
    sequence: randomInt(2 ** 15),
    timestamp: randomInt(2 ** 32),
  });
  readonly #producers = new Map<types.Router, types.Producer>();
  #isClosed = false;

  async openAt(site: DirectSite): Promise<void> {
    const { router } = site;
    const transport = await site.directTransport();
    const producer = await transport.produce({
      id: this.id,
      kind: this.kind,
      rtpParameters: parametersAt(router, this.#ssrc),
    });
    if (this.#isClosed) {
      producer.close();

      return;
    }
    this.#producers.set(router, producer);
    producer.observer.once('close', () => this.#producers.delete(router));
  }

  /** At every site, also where it is just being opened. Idempotent. */
  close(): void {
    this.#isClosed = true;
    this.#producers.forEach((producer) => producer.close());
  }

  originFor(router: types.Router): Origin | undefined {
    const producer = this.#producers.get(router);

    return producer === undefined ? undefined : { router, producer };
  }

  /** From this packet on the slot carries somebody else. */
  begin(participantId: string, packet: Buffer, arrivedAtMs: number): void {
    this.#spliced.begin(packet, contributingSourceOf(participantId), arrivedAtMs);
  }

  send(packet: Buffer): void {
    const rewritten = this.#spliced.rewrite(packet);
    if (rewritten !== undefined) {
      for (const producer of this.#producers.values()) {
        if (!producer.closed) {
          producer.send(rewritten);
        }
      }
    }
  }
}

/** The packets come out of a router, and go in again with the payload type and the extensions of one. */
function parametersAt({ rtpCapabilities }: types.Router, ssrc: number): types.RtpParameters {
  const codec = rtpCapabilities.codecs?.find(({ mimeType }) => mimeType.toLowerCase() === 'audio/opus');
  if (codec?.preferredPayloadType === undefined) {
    throw new TypeError('The router does not forward Opus.');
  }
  const headerExtensions = rtpCapabilities.headerExtensions?.filter(
    ({ kind, uri }) => kind === 'audio' && (uri === audioLevelUri || uri === captureTimeUri),
  );

  return {
    codecs: [
      {
        mimeType: codec.mimeType,
        payloadType: codec.preferredPayloadType,
        clockRate: codec.clockRate,
        ...(codec.channels === undefined ? {} : { channels: codec.channels }),
        parameters: codec.parameters ?? {},
        rtcpFeedback: [],
      },
    ],
    headerExtensions: (headerExtensions ?? []).map(({ uri, preferredId }) => ({ uri, id: preferredId })),
    // With discontinuous transmission a silent stream is no dead one.
    encodings: [{ ssrc, dtx: true }],
    rtcp: { cname: `slot-${ssrc}`, reducedSize: true },
  };
}
