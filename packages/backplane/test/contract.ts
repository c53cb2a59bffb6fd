import { describe } from 'vitest';
import type { Backplane } from '../src/Backplane.ts';
import { describeAdmission } from './admissionContract.ts';
import { describeCallDirectory } from './callDirectoryContract.ts';
import { describeCallEvents } from './callEventsContract.ts';
import { describeNodeCommands } from './nodeCommandsContract.ts';
import { describeNodes } from './nodesContract.ts';
import { describePresence } from './presenceContract.ts';
import { describeRevocations } from './revocationsContract.ts';

/** Makes a backplane that knows nothing yet; told what listeners throw. */
export type CreateBackplane = (onListenerError: (error: unknown) => void) => Promise<Backplane>;

/** What every backplane does; an implementation's test calls it with its factory. */
export function describeBackplane(name: string, create: CreateBackplane): void {
  describe(`the ${name} backplane`, () => {
    describeAdmission(create);
    describeRevocations(create);
    describePresence(create);
    describeCallDirectory(create);
    describeCallEvents(create);
    describeNodes(create);
    describeNodeCommands(create);
  });
}
