import { systemClock, type Clock } from '@parley/kit';
import type { CallEvent } from '../callEvents.ts';
import { CallEventQueue } from './CallEventQueue.ts';
import type { EventStore } from './EventStore.ts';
import { SpoolFile } from './SpoolFile.ts';

/** More than an hour of a busy node whose api is away; on disk it may be twice as much for a while. */
const standardMaxBytes = 64 * 1024 * 1024;

export interface EventSpoolOptions {
  /** Belongs to one process at a time. */
  readonly folder: string;
  /** Above it the oldest calls that have ended are given up. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
  /** Told of calls that were given up, and once when the disk fails. */
  readonly onError: (error: unknown) => void;
}

/** Events that outlive a killed process: what was pushed and not done comes again from the next one's spool. */
export class EventSpool implements EventStore {
  readonly #queue: CallEventQueue;
  readonly #file: SpoolFile;
  /** Taken out and not handed over yet, in that order. */
  readonly #taken = new Set<CallEvent>();
  #takenBytes = 0;

  static async open(options: EventSpoolOptions): Promise<EventSpool> {
    const { folder, onError, clock = systemClock } = options;
    let spool: EventSpool | undefined;
    const file = await SpoolFile.open({
      folder,
      clock,
      onError,
      kept: () => spool?.kept ?? [],
      keptBytes: () => spool?.keptBytes ?? 0,
    });
    spool = new EventSpool(file, options);

    return spool;
  }

  private constructor(file: SpoolFile, { maxBytes = standardMaxBytes, onError }: EventSpoolOptions) {
    this.#file = file;
    this.#queue = new CallEventQueue({
      maxSize: maxBytes,
      sizeOf: (event) => SpoolFile.bytesOf(event),
      onDropped: (calls) => {
        onError(new Error(`The records of ${calls} calls were given up: too many wait to be written.`));
        file.release();
      },
    });
    for (const event of file.takeFound()) {
      this.#queue.push(event);
    }
  }

  get size(): number {
    return this.#queue.size;
  }

  /** All that was not handed over, in order. */
  get kept(): readonly CallEvent[] {
    return [...this.#taken, ...this.#queue.events];
  }

  get keptBytes(): number {
    return this.#takenBytes + this.#queue.total;
  }

  push(event: CallEvent): void {
    this.#file.append(event);
    this.#queue.push(event);
  }

  take(count: number): CallEvent[] {
    const events = this.#queue.take(count);
    for (const event of events) {
      this.#taken.add(event);
      this.#takenBytes += SpoolFile.bytesOf(event);
    }

    return events;
  }

  putBack(events: readonly CallEvent[]): void {
    this.#forget(events);
    this.#queue.putBack(events);
  }

  done(events: readonly CallEvent[]): void {
    this.#forget(events);
    this.#file.release();
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #forget(events: readonly CallEvent[]): void {
    for (const event of events) {
      if (this.#taken.delete(event)) {
        this.#takenBytes -= SpoolFile.bytesOf(event);
      }
    }
  }
}
