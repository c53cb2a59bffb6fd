import type { CallEvent } from './callEvents.ts';

export interface CallEventQueueOptions {
  /** Above it whole calls are given up; a queue of calls that all go on may be longer. */
  readonly maxEvents: number;
  /** Told how many calls were given up. */
  readonly onDropped: (calls: number) => void;
}

/**
 * Events that wait to be handed over. While nobody takes them, what gives way is the oldest calls that have ended
 * and of which nothing was handed over yet: better no record of a call than one that never ends.
 */
export class CallEventQueue {
  readonly #options: CallEventQueueOptions;
  #events: CallEvent[] = [];
  /** The length at which it is worth looking again for what can go. */
  #nextCheck: number;

  constructor(options: CallEventQueueOptions) {
    this.#options = options;
    this.#nextCheck = options.maxEvents;
  }

  get size(): number {
    return this.#events.length;
  }

  push(event: CallEvent): void {
    this.#events.push(event);
    if (this.#events.length > this.#nextCheck) {
      this.#shrink();
    }
  }

  /** Takes out the oldest events, at most `count`. */
  take(count: number): CallEvent[] {
    return this.#events.splice(0, count);
  }

  /** Events that were taken out and could not be handed over are the oldest again. */
  putBack(events: readonly CallEvent[]): void {
    this.#events = [...events, ...this.#events];
  }

  #shrink(): void {
    const { maxEvents, onDropped } = this.#options;
    // A tenth more than has to go, so that not every event brings a search.
    let excess = this.#events.length - Math.floor(maxEvents * 0.9);
    const eventsOf = Map.groupBy(this.#events, ({ callId }) => callId);
    const dropped = new Set<string>();
    for (const [callId, events] of eventsOf) {
      if (excess > 0 && events[0]?.name === 'callStarted' && events.at(-1)?.name === 'callEnded') {
        dropped.add(callId);
        excess -= events.length;
      }
    }
    this.#events = this.#events.filter(({ callId }) => !dropped.has(callId));
    this.#nextCheck = Math.max(maxEvents, Math.ceil(this.#events.length * 1.1));
    if (dropped.size > 0) {
      onDropped(dropped.size);
    }
  }
}
