/** What the process of the load and the process of the servers tell each other. */

/** The servers listen. */
export interface Opened {
  /** The sfu itself. */
  readonly parley: string;
  /** A bare Socket.IO server with the same settings that answers every request with the same few bytes. */
  readonly echo: string;
  /** Session tokens, one for each connection of the load. */
  readonly tokens: readonly string[];
}

/** Seconds that the servers' process has been at work so far. */
export interface CpuAnswer {
  readonly cpuSeconds: number;
}
