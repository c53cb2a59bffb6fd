export { createVideoProcessor } from './createVideoProcessor.ts';
export { createNoiseGate, type NoiseGateOptions } from './createNoiseGate.ts';
export type { DrawFrame, FrameSize, VideoProcessorOptions } from './videoProcessorTypes.ts';
