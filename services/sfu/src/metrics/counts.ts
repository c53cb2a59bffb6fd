import type { CallKind, CallState, MediaSource, ParticipantState } from '@parley/protocol';

/** What the calls of a node come to. */
export interface CallCounts {
  readonly calls: readonly { readonly kind: CallKind; readonly state: CallState; readonly count: number }[];
  readonly participants: Readonly<Record<ParticipantState | 'lobby', number>>;
}

/** What the media of a node comes to. */
export interface MediaCounts {
  readonly transports: number;
  readonly producers: Readonly<Record<MediaSource, number>>;
  readonly consumers: readonly {
    readonly kind: 'audio' | 'video';
    /** The spatial layer that is forwarded, `none` while nothing is. */
    readonly layer: string;
    readonly count: number;
  }[];
}

/** What one worker process has done since it was started. */
export interface WorkerUsage {
  /** Names it from one start to the next. */
  readonly port: number;
  readonly cpuSeconds: number;
  readonly bytesReceived: number;
  readonly bytesSent: number;
  readonly packetsReceived: number;
  readonly packetsSent: number;
}
