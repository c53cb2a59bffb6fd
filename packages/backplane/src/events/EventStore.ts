import type { CallEvent } from '../callEvents.ts';

/** Call events that wait to be handed over, the oldest first. */
export interface EventStore {
  readonly size: number;
  push(event: CallEvent): void;
  /** Takes out the oldest events, at most `count`: each is given to `putBack` or to `done` then. */
  take(count: number): CallEvent[];
  /** Events that could not be handed over are the oldest again. */
  putBack(events: readonly CallEvent[]): void;
  /** Events that were taken out were handed over: nobody will ask for them again. */
  done(events: readonly CallEvent[]): void;
  /** Resolves when all that waits is as safe as the store makes it. Idempotent. */
  close(): Promise<void>;
}
