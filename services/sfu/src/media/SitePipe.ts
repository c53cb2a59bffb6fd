import type { types } from 'mediasoup';
import { keyFrameRequestDelayMs } from './keyFrames.ts';

/** Both routers are processes of this host. */
const listenInfo: types.TransportListenInfo = { protocol: 'udp', ip: '127.0.0.1' };

/** Gives up what was held. Idempotent. */
export type Release = () => void;

/** One stream in the pipe, as long as somebody holds it. */
interface PipedStream {
  readonly source: types.Producer;
  readonly ends: Promise<readonly [types.Consumer, types.Producer]>;
  readonly onSourceClosed: () => void;
  holders: number;
}

type Pair = readonly [types.PipeTransport, types.PipeTransport];

/**
 * Carries streams from one router to another, each from its first holder to its last. mediasoup leaves its pair of
 * transports open for good, with a port each; here they close with the last stream.
 */
export class SitePipe {
  readonly #from: types.Router;
  readonly #to: types.Router;
  readonly #streams = new Map<string, PipedStream>();
  #pair: Promise<Pair> | undefined;

  constructor(from: types.Router, to: types.Router) {
    this.#from = from;
    this.#to = to;
  }

  /** Resolves when the producer's stream has arrived under the same id; rejects when one of the two is gone. */
  async hold(producer: types.Producer): Promise<Release> {
    const existing = this.#streams.get(producer.id);
    if (existing !== undefined && existing.source !== producer) {
      // Produced anew under its id, before the end of the old one went through.
      this.#close(producer.id, existing);
    }
    const stream = this.#streams.get(producer.id) ?? this.#open(producer);
    stream.holders += 1;
    const release = once(() => {
      stream.holders -= 1;
      if (stream.holders === 0) {
        this.#close(producer.id, stream);
      }
    });

    try {
      await stream.ends;
    } catch (error) {
      release();
      throw error;
    }

    return release;
  }

  #open(producer: types.Producer): PipedStream {
    const pair = (this.#pair ??= this.#connect());
    const stream: PipedStream = {
      source: producer,
      ends: carry(pair, producer),
      onSourceClosed: () => this.#close(producer.id, stream),
      holders: 0,
    };
    this.#streams.set(producer.id, stream);
    producer.observer.once('close', stream.onSourceClosed);

    return stream;
  }

  #close(producerId: string, stream: PipedStream): void {
    if (this.#streams.get(producerId) !== stream) {
      return;
    }
    this.#streams.delete(producerId);
    stream.source.observer.off('close', stream.onSourceClosed);
    stream.ends.then(
      (ends) => ends.forEach((end) => end.close()),
      () => {},
    );
    if (this.#streams.size === 0) {
      const pair = this.#pair;
      this.#pair = undefined;
      pair?.then(
        (ends) => ends.forEach((end) => end.close()),
        () => {},
      );
    }
  }

  async #connect(): Promise<Pair> {
    const opened = await Promise.allSettled(
      [this.#from, this.#to].map((router) => router.createPipeTransport({ listenInfo })),
    );
    const ends = opened.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));

    try {
      const [near, far] = ends;
      if (near === undefined || far === undefined) {
        throw opened.find((outcome) => outcome.status === 'rejected')?.reason;
      }
      await Promise.all([
        near.connect({ ip: far.tuple.localAddress, port: far.tuple.localPort }),
        far.connect({ ip: near.tuple.localAddress, port: near.tuple.localPort }),
      ]);

      return [near, far];
    } catch (error) {
      this.#pair = undefined;
      ends.forEach((end) => end.close());
      throw error;
    }
  }
}

async function carry(
  pair: Promise<Pair>,
  producer: types.Producer,
): Promise<readonly [types.Consumer, types.Producer]> {
  const [near, far] = await pair;
  const consumer = await near.consume({ producerId: producer.id });

  try {
    const arrival = await far.produce({
      id: producer.id,
      kind: consumer.kind,
      rtpParameters: consumer.rtpParameters,
      paused: consumer.producerPaused,
      appData: producer.appData,
      keyFrameRequestDelay: keyFrameRequestDelayMs,
    });
    await follow(consumer, arrival);

    return [consumer, arrival];
  } catch (error) {
    consumer.close();
    throw error;
  }
}

/** The stream pauses, resumes and ends at the far side as it does at its origin. */
async function follow(consumer: types.Consumer, arrival: types.Producer): Promise<void> {
  consumer.observer.on('pause', () => void arrival.pause().catch(() => {}));
  consumer.observer.on('resume', () => void arrival.resume().catch(() => {}));
  consumer.observer.once('close', () => arrival.close());
  arrival.observer.once('close', () => consumer.close());
  if (arrival.paused !== consumer.producerPaused) {
    await (consumer.producerPaused ? arrival.pause() : arrival.resume());
  }
}

function once(action: () => void): () => void {
  let pending: (() => void) | undefined = action;

  return () => {
    const next = pending;
    pending = undefined;
    next?.();
  };
}
