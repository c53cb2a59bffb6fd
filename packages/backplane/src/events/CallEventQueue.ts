import type { CallEvent } from '../callEvents.ts';
import type { EventStore } from './EventStore.ts';

export interface CallEventQueueOptions {
  /** Above it whole calls are given up; a queue of calls that all go on may be larger. */
  readonly maxSize: number;
  /** What an event takes of that. */
  readonly sizeOf: (event: CallEvent) => number;
  /** Told how many calls were given up. */
  readonly onDropped: (calls: number) => void;
}

/**
 * Events in memory. While nobody takes them, what gives way is the oldest calls that have ended and of which nothing
 * was handed over yet: better no record of a call than one that never ends.
 */
export class CallEventQueue implements EventStore {
  readonly #options: CallEventQueueOptions;
  #events: CallEvent[] = [];
  /** What the events in it take together. */
  #total = 0;
  /** The total at which it is worth looking again for what can go. */
  #nextCheck: number;

  constructor(options: CallEventQueueOptions) {
    this.#options = options;
    this.#nextCheck = options.maxSize;
  }

  get size(): number {
    return this.#events.length;
  }

  get total(): number {
    return this.#total;
  }

  get events(): readonly CallEvent[] {
    return this.#events;
  }

  push(event: CallEvent): void {
    this.#events.push(event);
    this.#total += this.#options.sizeOf(event);
    if (this.#total > this.#nextCheck) {
      this.#shrink();
    }
  }

  take(count: number): CallEvent[] {
    const taken = this.#events.splice(0, count);
    this.#total -= this.#sumOf(taken);

    return taken;
  }

  putBack(events: readonly CallEvent[]): void {
    this.#events = [...events, ...this.#events];
    this.#total += this.#sumOf(events);
  }

  done(): void {}

  async close(): Promise<void> {}

  #sumOf(events: readonly CallEvent[]): number {
    return events.reduce((sum, event) => sum + this.#options.sizeOf(event), 0);
  }

  #shrink(): void {
    const { maxSize, onDropped } = this.#options;
    // A tenth more than has to go, so that not every event brings a search.
    let excess = this.#total - Math.floor(maxSize * 0.9);
    const eventsOf = Map.groupBy(this.#events, ({ callId }) => callId);
    const dropped = new Set<string>();
    for (const [callId, events] of eventsOf) {
      const isWhole = events[0]?.name === 'callStarted' && events.some((event) => event.name === 'callEnded');
      if (excess > 0 && isWhole) {
        dropped.add(callId);
        excess -= this.#sumOf(events);
      }
    }
    this.#events = this.#events.filter(({ callId }) => !dropped.has(callId));
    this.#total = this.#sumOf(this.#events);
    this.#nextCheck = Math.max(maxSize, Math.ceil(this.#total * 1.1));
    if (dropped.size > 0) {
      onDropped(dropped.size);
    }
  }
}
