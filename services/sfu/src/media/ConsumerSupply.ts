import type { ConsumerInfo } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { CallSite } from './CallSite.ts';
import { mediaError } from './mediaError.ts';
import type { Link, Reception } from './Reception.ts';
import { toConsumerInfo } from './rtpMapping.ts';
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
      const consumer = this.#create(reception, link).finally(() => {
        if (reception.making?.link === link) {
          reception.making = undefined;
        }
      });
      reception.making = { link, consumer };
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
          consumer === undefined && making === undefined && isSent(stream, link),
      );
  }

  async #create(reception: Reception, link: Link): Promise<types.Consumer | undefined> {
    const isDue = (): boolean => this.#link === link && this.#isWanted(reception);
    try {
      const consumer = await this.#consume(reception.stream, link);
      if (consumer !== undefined && isDue()) {
        this.#hand(consumer, reception);

        return consumer;
      }
      consumer?.close();
    } catch (error) {
      const reason = mediaError(error);
      if (reason.code === 'unavailable') {
        throw reason;
      }
    }
    if (isDue() && isSent(reception.stream, link)) {
      this.#options.onHopeless(reception);
    }

    return undefined;
  }

  /** Undefined when the stream does not get here, or the client does not understand it. */
  async #consume(stream: Stream, { site, transport }: Link): Promise<types.Consumer | undefined> {
    const { rtpCapabilities } = this.#options;
    const release = await site.hold(stream);
    if (release === undefined) {
      return undefined;
    }
    const source = { producerId: stream.id, rtpCapabilities };
    try {
      const consumer = site.router.canConsume(source)
        ? await transport.consume({ ...source, paused: true })
        : undefined;
      if (consumer === undefined) {
        release();
      }
      consumer?.observer.once('close', release);

      return consumer;
    } catch (error) {
      release();
      throw error;
    }
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

function isSent(stream: Stream, { site }: Link): boolean {
  return stream.originFor(site.router) !== undefined;
}
