import type { ConnectAuth, RequestEnvelope } from '@parley/protocol';
import type { CallError } from '../errors.ts';

/**
 * One connection to the server. The seam between the SDK and socket.io-client: nothing on this side of it has
 * been parsed yet.
 */
export interface SocketPort {
  /** Sends at once or, on a closed socket, never; `acknowledge` gets the raw answer. */
  request(request: RequestEnvelope, acknowledge: (answer: unknown) => void): void;
  /** Idempotent; no handler is called after it. */
  close(): void;
}

export interface SocketHandlers {
  /** The server did not let the socket in, or could not be reached. Nothing follows. */
  onRefused(error: CallError): void;
  onNotification(notification: unknown): void;
  /** An open socket was closed by the server or lost. Nothing follows. */
  onClosed(): void;
}

export interface SocketOptions {
  /** The service's public URL. */
  endpoint: string;
  auth: ConnectAuth;
}

export type OpenSocket = (options: SocketOptions, handlers: SocketHandlers) => SocketPort;
