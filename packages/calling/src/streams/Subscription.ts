/** One remote stream being received. Made paused: nothing flows before `resume()`. */
export interface Subscription {
  readonly stream: MediaStream;
  resume(): Promise<void>;
  pause(): Promise<void>;
  /** Ends it here and on the server. */
  close(): void;
  /** Its sender has ended it, so the server knows already. */
  closedByServer(): void;
}

/** @throws CallError `not_found` when the stream has gone. */
export type Subscribe = () => Promise<Subscription>;
