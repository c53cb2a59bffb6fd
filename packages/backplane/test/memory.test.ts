import { createMemoryBackplane } from '../src/createMemoryBackplane.ts';
import { describeBackplane } from './contract.ts';

describeBackplane('memory', async (onListenerError) => createMemoryBackplane(onListenerError));
