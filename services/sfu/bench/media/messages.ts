/** What the bench tells the process that sends and counts packets, and hears of it. */

export interface InjectedStream {
  readonly ssrc: number;
  readonly codec: 'opus' | 'vp8';
  readonly payloadType: number;
  readonly clockRate: number;
  readonly packetsPerSecond: number;
  readonly payloadBytes: number;
  /** Id of the header extension for the audio level (RFC 6464); none for video. */
  readonly audioLevelId?: number;
}

/** One sender: the worker's port it sends to, the key it encrypts with, and what it sends. */
export interface InjectedSender {
  readonly port: number;
  /** Base64 of 44 bytes. */
  readonly key: string;
  readonly streams: readonly InjectedStream[];
}

export type InjectorRequest =
  | { readonly name: 'add'; readonly sender: InjectedSender }
  /** A stream that nobody wants stops, and begins again when somebody does. */
  | { readonly name: 'setSending'; readonly ssrc: number; readonly isSending: boolean }
  /** Counts anew from here on. */
  | { readonly name: 'reset' }
  | { readonly name: 'report' };

/** The injector is there: it takes packets on these two ports. */
export interface InjectorReady {
  /** Packets to it are counted. */
  readonly countedPort: number;
  /** Packets to it are thrown away by the kernel, at no cost to this process. */
  readonly ignoredPort: number;
}

export interface InjectorReport {
  readonly sent: number;
  readonly received: number;
  /** By the sequence numbers of what was counted. */
  readonly lost: number;
  readonly cpuSeconds: number;
  /** The latest that a packet left after its time, milliseconds. */
  readonly worstLatenessMs: number;
}
