import { systemClock } from '@parley/kit';
import type { Backplane } from './Backplane.ts';
import { MemoryAdmission } from './MemoryAdmission.ts';
import { MemoryCallDirectory } from './MemoryCallDirectory.ts';
import { MemoryCallEvents } from './MemoryCallEvents.ts';
import { MemoryNodeCommands } from './MemoryNodeCommands.ts';
import { MemoryNodes } from './MemoryNodes.ts';
import { MemoryPresence } from './MemoryPresence.ts';

/**
 * The backplane of one process: api and sfu share these objects.
 *
 * @param onListenerError Told what a listener or the consumer of call events threw; the others are told of the
 * event all the same.
 */
export function createMemoryBackplane(onListenerError: (error: unknown) => void): Backplane {
  const callEvents = new MemoryCallEvents(systemClock, onListenerError);

  const nodes = new MemoryNodes();

  return {
    callEvents,
    nodes,
    admission: new MemoryAdmission(onListenerError),
    presence: new MemoryPresence(),
    callDirectory: new MemoryCallDirectory(nodes, onListenerError),
    nodeCommands: new MemoryNodeCommands(),
    close: () => callEvents.close(),
  };
}
