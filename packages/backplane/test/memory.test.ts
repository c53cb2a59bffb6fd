import { createMemoryBackplane } from '../src/memory/createMemoryBackplane.ts';
import { describeBackplane } from './contract.ts';

describeBackplane('memory', async (onListenerError) => createMemoryBackplane(onListenerError));
