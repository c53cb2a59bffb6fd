/**
 * Makes what changes picture or sound before it is sent, such as a blurred background: for `stream.setProcessor()` and
 * `call.setAudioProcessor()`.
 *
 * @module
 */
export { createVideoProcessor } from './createVideoProcessor.ts';
export { createNoiseGate, type NoiseGateOptions } from './createNoiseGate.ts';
export type { DrawFrame, FrameSize, VideoProcessorOptions } from './videoProcessorTypes.ts';
