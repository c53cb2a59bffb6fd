export type { SfuConfig } from './config.ts';
export { createSfu, type Inspectable, type Sfu, type SfuDependencies } from './createSfu.ts';
