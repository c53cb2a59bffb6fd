import { kindOfSource, type MediaSource } from '@parley/protocol';
import type { types } from 'mediasoup';
import type { Origin, Stream } from './Stream.ts';
import type { Size } from './video/pictureLayers.ts';

export interface SentStreamOptions {
  readonly id: string;
  readonly participantId: string;
  readonly source: MediaSource;
  readonly paused: boolean;
}

/**
 * One stream of a participant. It comes to be when it is produced for the first time, outlives the transports it is
 * produced over, and is gone when its sender closes it.
 *
 *              open
 *     lost ◄────────► sent
 *              lose
 */
export class SentStream implements Stream {
  readonly id: string;
  readonly participantId: string;
  readonly source: MediaSource;
  readonly kind: types.MediaKind;
  /** What its sender wants; on hold nothing is forwarded either way. */
  isPaused: boolean;
  /** How large the pictures are, as far as the sender has said it. */
  size: Size | undefined;
  #origin: Origin | undefined;

  constructor({ id, participantId, source, paused }: SentStreamOptions) {
    this.id = id;
    this.participantId = participantId;
    this.source = source;
    this.kind = kindOfSource[source];
    this.isPaused = paused;
  }

  /** Undefined while the stream is lost. */
  get producer(): types.Producer | undefined {
    return this.#origin?.producer;
  }

  originFor(): Origin | undefined {
    return this.#origin;
  }

  open(origin: Origin): void {
    this.#origin = origin;
  }

  /** The transport is gone, and the producer with it. Idempotent. */
  lose(): void {
    const producer = this.producer;
    this.#origin = undefined;
    producer?.close();
  }
}
