import type { ConsumerInfo } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { CallSite } from './CallSite.ts';
import { mediaError } from './mediaError.ts';
import type { Link, Reception } from './Reception.ts';
import { toConsumerInfo } from './rtpMapping.ts';
import type { Release } from './SitePipe.ts';
import type { Stream } from './Stream.ts';

export interface ConsumerSupplyOptions {
  readonly rtpCapabilities: types.RtpCapabilities;
  /** What there is to be a consumer of now. */
  readonly wanted: () => readonly Reception[];
  /** These were made without the client having asked for them just now. */
  readonly onAdded: (consumers: readonly ConsumerInfo[]) => void;
  /** Its consumer came or went. */
  readonly onChanged: (reception: Reception) => void;
  /** The client cannot receive the stream, which is sent: it need not be tried again. */
  readonly onHopeless: (reception: Reception) => void;
}

/** Makes the consumers of what one participant is to receive, wherever that arrives, as far as it is sent. */
export class ConsumerSupply {
  readonly #options: ConsumerSupplyOptions;
  #link: Link | undefined;
  #isCatchingUp = false;

  constructor(options: ConsumerSupplyOptions) {
    this.#options = options;
  }

  /** Whether the client is told of what is added. */
  get isRunning(): boolean {
    return this.#link?.isRunning === true;
  }

  /** The streams arrive over this transport now: resolves when each that is sent has its consumer. */
  async attach(site: CallSite, transport: types.Transport): Promise<void> {
    this.#link = { site, transport, isRunning: false };
    await Promise.all(this.#options.wanted().map((reception) => this.make(reception)));
  }

  /** The client has been told of the transport and of what was made; from now on it is told of what is added. */
  run(): void {
    if (this.#link !== undefined) {
      this.#link.isRunning = true;
      this.catchUp();
    }
  }

  /** The transport is gone. Idempotent. */
  detach(): void {
    this.#link = undefined;
  }

  /** Makes what is missing in batches: what comes up while one is being made is told together with the next. */
  catchUp(): void {
    if (!this.#isCatchingUp) {
      this.#isCatchingUp = true;
      void this.#makeMissing();
    }
  }

  /** Undefined when the stream is not sent now, went away meanwhile, or is of a making that nobody can receive. */
  async make(reception: Reception): Promise<types.Consumer | undefined> {
    const link = this.#link;
    if (reception.consumer !== undefined || link === undefined || !this.#isWanted(reception)) {
      return reception.consumer;
    }
    if (reception.making?.link !== link) {
      reception.making = { link, consumer: this.#create(reception, link) };
    }

    return reception.making.consumer;
  }

  async #makeMissing(): Promise<void> {
    for (let missing = this.#missing; missing.length > 0; missing = this.#missing) {
      const made = await Promise.allSettled(missing.map((reception) => this.make(reception)));
      const consumers = made.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? (outcome.value ?? []) : [],
      );
      const present = consumers.filter(({ closed }) => !closed);
      if (present.length > 0 && this.isRunning) {
        this.#options.onAdded(present.map(toConsumerInfo));
      }
    }
    this.#isCatchingUp = false;
  }

  get #missing(): Reception[] {
    const link = this.#link;
    if (link?.isRunning !== true || link.site.isClosed) {
      return [];
    }

    return this.#options
      .wanted()
      .filter(
        ({ consumer, making, stream }) =>
          consumer === undefined && making === undefined && producerOf(stream, link) !== undefined,
      );
  }

  /** Tries once more when the stream was produced anew meanwhile: `catchUp` passes over what is being made. */
  async #create(reception: Reception, link: Link): Promise<types.Consumer | undefined> {
    const { stream } = reception;
    const isDue = (): boolean => this.#link === link && this.#isWanted(reception);
    try {
      do {
        const producer = producerOf(stream, link);
        const consumer = await this.#consume(stream, link);
        if (isDue() && producerOf(stream, link) === producer) {
          if (consumer !== undefined) {
            this.#hand(consumer, reception);
          } else if (producer !== undefined) {
            this.#options.onHopeless(reception);
          }

          return consumer;
        }
        // It is of a producer that is gone, or nobody asks for it any more.
        consumer?.close();
      } while (isDue() && producerOf(stream, link) !== undefined);

      return undefined;
    } finally {
      // In the turn of the last look: what is opened after it is not passed over.
      if (reception.making?.link === link) {
        reception.making = undefined;
      }
    }
  }

  /** Undefined when the stream does not get here, the client does not understand it, or its producer is gone. */
  async #consume(stream: Stream, link: Link): Promise<types.Consumer | undefined> {
    const { rtpCapabilities } = this.#options;
    const { site, transport } = link;
    const producer = producerOf(stream, link);
    let release: Release | undefined;
    try {
      release = await site.hold(stream);
      const source = { producerId: stream.id, rtpCapabilities };
      if (release !== undefined && site.router.canConsume(source)) {
        const consumer = await transport.consume({ ...source, paused: true });
        consumer.observer.once('close', release);

        return consumer;
      }
    } catch (error) {
      const reason = mediaError(error);
      if (reason.code === 'unavailable' && producerOf(stream, link) === producer) {
        release?.();
        throw reason;
      }
    }
    release?.();

    return undefined;
  }

  #hand(consumer: types.Consumer, reception: Reception): void {
    const { onChanged } = this.#options;
    consumer.observer.once('close', () => {
      if (reception.consumer === consumer) {
        reception.consumer = undefined;
        onChanged(reception);
      }
    });
    reception.isPaused = true;
    reception.consumer = consumer;
    onChanged(reception);
  }

  #isWanted(reception: Reception): boolean {
    return this.#options.wanted().includes(reception);
  }
}

function producerOf(stream: Stream, { site }: Link): types.Producer | undefined {
  return stream.originFor(site.router)?.producer;
}
