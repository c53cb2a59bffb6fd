import type { CallError } from '../errors.ts';
import type { IncomingMedia } from '../media/MediaPort.ts';

/** How large a picture is shown, in device pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** One remote stream being received. Nothing flows before `setFlowing(true)`. */
export interface Subscription {
  /** Undefined until it arrives, and while the server does not forward it. */
  readonly stream: MediaStream | undefined;
  /** What carries it while the server has been told to send it. */
  readonly flowing?: IncomingMedia | undefined;
  setFlowing(isFlowing: boolean): void;
  /** Has the server choose the layer that fits. */
  setViewport(viewport: Viewport): void;
  /** Ends it here and on the server. Idempotent. */
  close(): void;
  /** Its sender has ended it, so the server knows already. */
  closedByServer(): void;
}

export interface SubscriptionListener {
  onStreamChanged(): void;
  /** The server refused it, or the browser cannot take it. */
  onFailed(error: CallError): void;
}

export type Subscribe = (listener: SubscriptionListener) => Subscription;
