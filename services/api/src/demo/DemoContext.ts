import type { Admission } from '@parley/backplane';
import type { ApiContext } from '../context.ts';

/** What the demo is made with, before there is an api. */
export interface DemoContext extends Pick<ApiContext, 'database' | 'passwords' | 'publicUrl' | 'clock'> {
  readonly admission: Admission;
}
