import type { ConsumerInfo, MediaOffer, MediaSource } from '@parley/protocol';
import type { MediaWorker } from '../workers/MediaWorker.ts';
import type { CallSite } from './CallSite.ts';
import { askWorker } from './mediaError.ts';
import type { MediaLimits } from './mediaLimits.ts';
import type { LoopBackOptions, ProbeMedia, ProbeMediaOptions } from './mediaTypes.ts';
import type { ParticipantTransports } from './ParticipantTransports.ts';
import { ReceivingLimit } from './ReceivingLimit.ts';
import { toConsumerInfo, toMediasoupCapabilities } from './rtpMapping.ts';
import { SendingLimit } from './SendingLimit.ts';
import { SentStreams } from './SentStreams.ts';

export interface ProbeMediaParts {
  readonly options: ProbeMediaOptions;
  /** Of this probe alone: no stream of anybody else can be there. */
  readonly site: CallSite;
  readonly transports: ParticipantTransports;
  readonly limits: MediaLimits;
  readonly onClosed: (probe: MediasoupProbeMedia) => void;
}

/** How a stream is known to what counts packets. */
const sources = { audio: 'microphone', video: 'camera' } as const satisfies Record<string, MediaSource>;

/** A probe's transports, and what goes through the worker and back to its sender. It ends with its worker. */
export class MediasoupProbeMedia implements ProbeMedia {
  readonly parameters: ProbeMedia['parameters'];
  readonly #offer: MediaOffer;
  readonly #site: CallSite;
  readonly #transports: ParticipantTransports;
  readonly #streams: SentStreams;
  readonly #sendingLimit: SendingLimit;
  readonly #receivingLimit: ReceivingLimit;
  readonly #onClosed: () => void;
  #isClosed = false;

  constructor({ options, site, transports, limits, onClosed }: ProbeMediaParts) {
    this.parameters = { ...transports.parameters, consumers: [], dataConsumers: [] };
    this.#offer = options.offer;
    this.#site = site;
    this.#transports = transports;
    // What comes back is not chosen among layers: it is all that was sent.
    this.#streams = new SentStreams({
      participantId: options.probeId,
      producers: undefined,
      maxEncodings: 1,
    });
    this.#sendingLimit = new SendingLimit(limits);
    this.#receivingLimit = new ReceivingLimit(limits.data);
    this.#onClosed = () => {
      onClosed(this);
      options.onClosed();
    };
    site.router.once('workerclose', () => this.close());
  }

  async loopBack({ kind, rtpParameters }: LoopBackOptions): Promise<ConsumerInfo> {
    const { send, receive } = this.#transports;
    const stream = await this.#streams.produce(
      { source: sources[kind], rtpParameters, paused: false },
      { site: this.#site, send },
    );
    try {
      // Not paused: nothing leaves before the client has opened its side of the transport, with this stream in it.
      const consumer = await askWorker(() =>
        receive.consume({
          producerId: stream.id,
          rtpCapabilities: toMediasoupCapabilities(this.#offer.rtpCapabilities),
        }),
      );

      return toConsumerInfo(consumer);
    } catch (error) {
      this.#streams.close(stream);
      throw error;
    }
  }

  /** Looks at what has been sent, and asked for, since the last time, and closes when it is too much. */
  async limitTraffic(worker: MediaWorker): Promise<void> {
    if (this.#site.worker !== worker) {
      return;
    }
    const looks = await Promise.all([
      this.#sendingLimit.isExceeded(this, {
        over: this.#transports.send,
        tallies: () => this.#streams.tallies(),
      }),
      this.#receivingLimit.isExceeded(this.#transports.receive),
    ]);
    if (looks.includes(true)) {
      this.close();
    }
  }

  close(): void {
    if (this.#isClosed) {
      return;
    }
    this.#isClosed = true;
    this.#transports.close();
    this.#site.close();
    this.#onClosed();
  }
}
