import type { LocalVideoStream } from './streamTypes.ts';

/** What the application has made or opened itself. The SDK never stops it. */
export type CustomSource = MediaStream | MediaStreamTrack;

/** By its shape, not its class: it may belong to another window than this script. */
export function isMediaStream(value: unknown): value is MediaStream {
  return typeof (value as Partial<MediaStream> | null | undefined)?.getVideoTracks === 'function';
}

/** As above. */
export function isTrack(value: unknown): value is MediaStreamTrack {
  return typeof (value as Partial<MediaStreamTrack> | null | undefined)?.getSettings === 'function';
}

/** Undefined for what is neither. */
export function toMediaStream(source: unknown): MediaStream | undefined {
  return isTrack(source) ? new MediaStream([source]) : isMediaStream(source) ? source : undefined;
}

/** Whether it is something to be sent, and no options. */
export function isVideoSource(value: object): value is CustomSource | LocalVideoStream {
  return isTrack(value) || isMediaStream(value) || 'getMediaStream' in value;
}
