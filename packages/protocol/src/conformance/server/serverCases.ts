import type { ConformanceCase } from '../ConformanceCase.ts';
import { calling } from './calling.ts';
import { comingBack } from './comingBack.ts';
import { connecting } from './connecting.ts';
import { inTheCall } from './inTheCall.ts';
import { probing } from './probing.ts';
import type { ServerDriver } from './ServerDriver.ts';
import { streaming } from './streaming.ts';

/** What every server does. Each case stands by itself, in whatever order they run. */
export const serverCases: readonly ConformanceCase<ServerDriver>[] = [
  ...connecting,
  ...calling,
  ...inTheCall,
  ...streaming,
  ...comingBack,
  ...probing,
];
