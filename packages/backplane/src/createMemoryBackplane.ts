import type { Backplane } from './Backplane.ts';
import { MemoryAdmission } from './MemoryAdmission.ts';
import { MemoryPresence } from './MemoryPresence.ts';

/**
 * The backplane of one process: api and sfu share these objects.
 *
 * @param onListenerError Told what a listener threw; the others are told of the event all the same.
 */
export function createMemoryBackplane(onListenerError: (error: unknown) => void): Backplane {
  return {
    admission: new MemoryAdmission(onListenerError),
    presence: new MemoryPresence(),
    close: async () => {},
  };
}
