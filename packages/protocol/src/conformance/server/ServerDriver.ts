import type { MediaOffer } from '../../signaling/media.ts';
import type { Role } from '../../roles.ts';
import type { RtpParameters } from '../../signaling/rtp.ts';

/** What the Socket.IO `auth` payload is to be; what is left out is as it should be. */
export interface ConnectOptions {
  readonly clientId?: string;
  readonly resumeTokens?: readonly string[];
  /** In place of the whole payload. */
  readonly auth?: unknown;
}

/** One connection, and what goes over it as it is: nothing has been parsed. */
export interface ServerConnection {
  /** The raw acknowledgement. Rejects when none comes in good time. */
  request(envelope: unknown): Promise<unknown>;
  /** The next notification, in the order of arrival. Rejects when none comes in good time. */
  next(): Promise<unknown>;
  /** The connection breaks, and the server is not told why; resolves when the client has nothing of it any more. */
  cut(): Promise<void>;
}

export interface RoomOptions {
  readonly roster: Readonly<Record<string, Role>>;
  readonly hasLobby: boolean;
}

/**
 * A server to be held against the protocol, and the world around it. Each case names users of its own, who exist and may
 * start and join calls once they are named.
 */
export interface ServerDriver {
  /** A name that no other case has. */
  user(name: string): Promise<string>;
  /** A session token of that user, newer than the one they connect with. */
  token(userId: string): Promise<string>;
  /** Rejects with an error whose `data` is that of `connect_error` when the connection is refused. */
  connect(userId: string, options?: ConnectOptions): Promise<ServerConnection>;
  /** A room that admits everybody, now; answers its id. */
  createRoom(options: RoomOptions): Promise<string>;
  /** What goes through the server's media is lost, as when a process of it dies; its calls go on. */
  loseMedia(): void;
  /** What a client with the capabilities of the routers offers on entering. */
  offer(): MediaOffer;
  /** A microphone as that client sends it. */
  microphone(): RtpParameters;
}
