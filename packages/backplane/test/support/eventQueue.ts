import { CallEventQueue } from '../../src/events/CallEventQueue.ts';

/** A store for more events than a test has. */
export const eventQueue = (): CallEventQueue =>
  new CallEventQueue({ maxSize: 100_000, sizeOf: () => 1, onDropped: () => {} });
