import { systemClock } from '@parley/kit';
import type { Backplane } from '../Backplane.ts';
import { CallEventQueue } from '../events/CallEventQueue.ts';
import type { EventStore } from '../events/EventStore.ts';
import { MemoryAdmission } from './MemoryAdmission.ts';
import { MemoryCallDirectory } from './MemoryCallDirectory.ts';
import { MemoryCallEvents } from './MemoryCallEvents.ts';
import { MemoryNodeCommands } from './MemoryNodeCommands.ts';
import { MemoryNodes } from './MemoryNodes.ts';
import { MemoryPresence } from './MemoryPresence.ts';

/** Some 50 MB: an hour of a busy node whose database is down. */
const maxKeptEvents = 100_000;

/**
 * The backplane of one process: api and sfu share these objects.
 *
 * @param onListenerError Told what a listener or the consumer of call events threw; the others are told of the
 * event all the same.
 * @param events Where call events wait; without one they go with the process.
 */
export function createMemoryBackplane(
  onListenerError: (error: unknown) => void,
  events: EventStore = createQueue(onListenerError),
): Backplane {
  const callEvents = new MemoryCallEvents(events, systemClock, onListenerError);

  const nodes = new MemoryNodes();

  return {
    callEvents,
    nodes,
    isUp: true,
    admission: new MemoryAdmission(onListenerError),
    presence: new MemoryPresence(),
    callDirectory: new MemoryCallDirectory(nodes, onListenerError),
    nodeCommands: new MemoryNodeCommands(),
    close: () => callEvents.close(),
  };
}

function createQueue(onError: (error: unknown) => void): EventStore {
  return new CallEventQueue({
    maxSize: maxKeptEvents,
    sizeOf: () => 1,
    onDropped: (calls) =>
      onError(new Error(`The records of ${calls} calls were given up: too many wait to be written.`)),
  });
}
