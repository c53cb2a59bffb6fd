import { LocalVideoStreamImpl } from './LocalVideoStreamImpl.ts';
import type { LocalVideoStreamConstructor, LocalVideoStream as Stream } from './streamTypes.ts';

export type LocalVideoStream = Stream;

export const LocalVideoStream: LocalVideoStreamConstructor = LocalVideoStreamImpl;
