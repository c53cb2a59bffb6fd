import { randomUUID } from 'node:crypto';
import { ProtocolError, type MediaSource, type ProducerInfo } from '@parley/protocol';
import { SentStream } from './SentStream.ts';

/** What one participant sends: at most one stream of each source. */
export class SentStreams {
  readonly #participantId: string;
  readonly #bySource = new Map<MediaSource, SentStream>();
  /** Those that the worker is being asked to take. */
  readonly #beginning = new Set<MediaSource>();

  /** @param producers What was sent before the process was restarted, and will be again. */
  constructor(participantId: string, producers: readonly ProducerInfo[] = []) {
    this.#participantId = participantId;
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
  async produce(
    source: MediaSource,
    paused: boolean,
    send: (stream: SentStream) => Promise<void>,
  ): Promise<SentStream> {
    const known = this.#bySource.get(source);
    if (known?.producer !== undefined || this.#beginning.has(source)) {
      throw new ProtocolError('invalid_state', `The ${source} is being sent already.`);
    }
    const participantId = this.#participantId;
    const stream = known ?? new SentStream({ id: randomUUID(), participantId, source, paused });
    this.#beginning.add(source);
    try {
      await send(stream);
      if (this.#bySource.get(source) !== known) {
        stream.lose();
        throw new ProtocolError('invalid_state', `The ${source} was closed meanwhile.`);
      }
      this.#bySource.set(source, stream);

      return stream;
    } finally {
      this.#beginning.delete(source);
    }
  }

  remove(stream: SentStream): void {
    this.#bySource.delete(stream.source);
  }

  /** Throws `not_found` when the participant sends no such stream. */
  find(producerId: string): SentStream {
    const stream = this.all.find(({ id }) => id === producerId);
    if (stream === undefined) {
      throw new ProtocolError('not_found', 'There is no such producer.');
    }

    return stream;
  }
}
