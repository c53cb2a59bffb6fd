/** What the process of the joins and that of the sfu tell each other. */
export interface OpenRequest {
  readonly rooms: number;
  readonly users: number;
}

/** The sfu listens. */
export interface Opened {
  readonly url: string;
  readonly roomIds: readonly string[];
  /** Session tokens, one for each user. */
  readonly tokens: readonly string[];
}
