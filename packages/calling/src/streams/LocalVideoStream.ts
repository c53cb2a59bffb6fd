import { LocalVideoStreamImpl } from './LocalVideoStreamImpl.ts';
import type { LocalVideoStreamConstructor, LocalVideoStream as Stream } from './streamTypes.ts';

/** @reexport */
export type LocalVideoStream = Stream;

/** Makes a stream of a camera, or of what the application gives; a call sends it. */
export const LocalVideoStream: LocalVideoStreamConstructor = LocalVideoStreamImpl;
