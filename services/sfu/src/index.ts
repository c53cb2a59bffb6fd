export type { SfuConfig } from './config.ts';
export { createSfu, type Sfu, type SfuDependencies } from './createSfu.ts';
