import { randomUUID } from 'node:crypto';
import { kindOfSource, ProtocolError, type MediaSource, type ProducerInfo } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { ProducerOwner } from './audio/SiteSpeakers.ts';
import type { CallSite } from './CallSite.ts';
import { keyFrameRequestDelayMs } from './keyFrames.ts';
import { askWorker } from './mediaError.ts';
import type { ProduceOptions } from './mediaTypes.ts';
import { toMediasoupParameters } from './rtpMapping.ts';
import { SentStream } from './SentStream.ts';
import { SentTallies, type Tally } from './SentTallies.ts';

/** What streams are sent over. */
export interface SendTransport {
  readonly site: CallSite;
  readonly send: types.Transport;
}

export interface SentStreamsOptions {
  readonly participantId: string;
  /** What was sent before the process was restarted, and will be again. */
  readonly producers: readonly ProducerInfo[] | undefined;
  readonly maxEncodings: number;
}

/** What one participant sends: at most one stream of each source. */
export class SentStreams {
  readonly #participantId: string;
  readonly #maxEncodings: number;
  readonly #bySource = new Map<MediaSource, SentStream>();
  /** Those that the worker is being asked to take. */
  readonly #beginning = new Set<MediaSource>();
  readonly #tallies = new SentTallies();
  #isOnHold = false;

  constructor({ participantId, producers = [], maxEncodings }: SentStreamsOptions) {
    this.#participantId = participantId;
    this.#maxEncodings = maxEncodings;
    for (const { id, source, paused } of producers) {
      this.#bySource.set(source, new SentStream({ id, participantId, source, paused }));
    }
  }

  get all(): readonly SentStream[] {
    return [...this.#bySource.values()];
  }

  /**
   * Has the stream of that source produced, the one that was lost or a new one. Rejects with `invalid_state` while it is
   * being sent, or about to be.
   */
  async produce(options: Omit<ProduceOptions, 'transportId'>, over: SendTransport): Promise<SentStream> {
    const { source, paused, size } = options;
    const known = this.#bySource.get(source);
    if (known?.producer !== undefined || this.#beginning.has(source)) {
      throw new ProtocolError('invalid_state', `The ${source} is being sent already.`);
    }
    const participantId = this.#participantId;
    const stream = known ?? new SentStream({ id: randomUUID(), participantId, source, paused });
    this.#beginning.add(source);
    try {
      let isToPause = paused || this.#isOnHold;
      const producer = await this.#ask(stream.id, { ...options, paused: isToPause }, over);
      // The hold finds the stream once it is open, and may have begun or ended while the worker was asked.
      while (isToPause !== (paused || this.#isOnHold)) {
        isToPause = !isToPause;
        await askWorker(() => (isToPause ? producer.pause() : producer.resume()));
      }
      if (over.send.closed) {
        producer.close();
        throw new ProtocolError('invalid_state', 'The send transport was replaced.');
      }
      if (this.#bySource.get(source) !== known) {
        producer.close();
        throw new ProtocolError('invalid_state', `The ${source} was closed meanwhile.`);
      }
      stream.isPaused = paused;
      stream.size = size;
      stream.open({ router: over.site.router, producer });
      this.#bySource.set(source, stream);

      return stream;
    } finally {
      this.#beginning.delete(source);
    }
  }

  async pause(producerId: string): Promise<void> {
    const stream = this.find(producerId);
    stream.isPaused = true;
    await askWorker(async () => stream.producer?.pause());
  }

  async resume(producerId: string): Promise<void> {
    const stream = this.find(producerId);
    stream.isPaused = false;
    if (!this.#isOnHold) {
      await askWorker(async () => stream.producer?.resume());
    }
  }

  async setOnHold(isOnHold: boolean): Promise<void> {
    this.#isOnHold = isOnHold;
    const producers = this.all.flatMap(({ isPaused, producer }) => (isPaused ? [] : (producer ?? [])));
    await Promise.all(
      producers.map((producer) => askWorker(() => (isOnHold ? producer.pause() : producer.resume()))),
    );
  }

  /** It is over, and not to be sent again. */
  close(stream: SentStream): void {
    const { source, producer } = stream;
    this.#bySource.delete(source);
    if (producer !== undefined) {
      void this.#tallies.count(source, producer);
    }
    stream.lose();
  }

  /** What has come of each source so far, over producers that are closed by now as well. */
  async tallies(): Promise<ReadonlyMap<MediaSource, Tally>> {
    const counts = this.all.flatMap(({ source, producer }) =>
      producer === undefined ? [] : this.#tallies.count(source, producer),
    );
    await Promise.all(counts);

    return this.#tallies.all;
  }

  /** Throws `not_found` when the participant sends no such stream. */
  find(producerId: string): SentStream {
    const stream = this.all.find(({ id }) => id === producerId);
    if (stream === undefined) {
      throw new ProtocolError('not_found', 'There is no such producer.');
    }

    return stream;
  }

  async #ask(
    id: string,
    { source, rtpParameters, paused }: Omit<ProduceOptions, 'transportId'>,
    { send }: SendTransport,
  ): Promise<types.Producer> {
    if ((rtpParameters.encodings?.length ?? 0) > this.#maxEncodings) {
      throw new ProtocolError('invalid_request', `At most ${this.#maxEncodings} encodings are allowed.`);
    }
    const kind = kindOfSource[source];
    const parameters = toMediasoupParameters(kind, rtpParameters);
    const owner: ProducerOwner = { participantId: this.#participantId };

    return askWorker(() =>
      send.produce({
        id,
        kind,
        rtpParameters: parameters,
        paused,
        appData: owner,
        keyFrameRequestDelay: keyFrameRequestDelayMs,
      }),
    );
  }
}
