import type { Admission } from './admission.ts';
import type { CallDirectory } from './callDirectory.ts';
import type { CallEvents } from './callEvents.ts';
import type { NodeCommands } from './nodeCommands.ts';
import type { NodeRegistry } from './nodes.ts';
import type { Presence } from './presence.ts';

/**
 * What the api and the sfu nodes know of each other, and nothing else connects them: in memory on one
 * machine, in Redis on many. `test/contract.ts` is the suite that every implementation passes.
 */
export interface Backplane {
  readonly admission: Admission;
  readonly presence: Presence;
  readonly callDirectory: CallDirectory;
  readonly callEvents: CallEvents;
  readonly nodes: NodeRegistry;
  readonly nodeCommands: NodeCommands;
  /** Whether what is changed now is known everywhere; what was read before counts also while it is not. */
  readonly isUp: boolean;
  /** Idempotent. */
  close(): Promise<void>;
}
