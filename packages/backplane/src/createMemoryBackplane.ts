import type { Backplane } from './Backplane.ts';
import { MemoryAdmission } from './MemoryAdmission.ts';
import { MemoryPresence } from './MemoryPresence.ts';

/** The backplane of one process: api and sfu share these objects. */
export function createMemoryBackplane(): Backplane {
  return {
    admission: new MemoryAdmission(),
    presence: new MemoryPresence(),
    close: async () => {},
  };
}
