import type { MediaParameters } from '../../signaling/media.ts';
import type { RtpCapabilities } from '../../signaling/rtp.ts';

/** The server's end of one connection that the client under test has made. */
export interface ClientSocket {
  /** The service's URL, as the client has it. */
  readonly url: string;
  /** The Socket.IO `auth` payload. */
  readonly auth: unknown;
  notify(envelope: unknown): void;
  /** The connection breaks without a word. */
  cut(): void;
}

/** Takes the requests of one connection, each with the way to acknowledge it. */
export type TakeRequest = (envelope: unknown, acknowledge: (answer: unknown) => void) => void;

/** What stands in for the network: every connection of the client is let in, and handed over. */
export type AcceptConnection = (socket: ClientSocket) => TakeRequest;

/** What the application sees of its call. */
export interface ClientView {
  readonly state: 'entering' | 'in the call' | 'reconnecting' | 'over';
  /** Of a call that is over. */
  readonly endReason?: string;
  /** Ids of everybody else in the call. */
  readonly others: readonly string[];
  /** Who came (`+id`) and went (`-id`) in the application's eyes, in order. */
  readonly changes: readonly string[];
}

/** One client that is being held against the protocol. */
export interface ClientUnderTest {
  /** Enters the room, with the microphone on. */
  joinRoom(roomId: string): void;
  /** Puts the call on hold, as an example of what an application asks for. Resolves when the server has answered. */
  hold(): Promise<void>;
  view(): ClientView;
  /** Nothing of it is left. */
  stop(): Promise<void>;
}

/** A client to be held against the protocol, and the world around it. */
export interface ClientDriver {
  /** Starts a client with a token that does not run out. */
  start(accept: AcceptConnection): Promise<ClientUnderTest>;
  /** Resolves as soon as it is so; rejects when it is not in good time. The client's own pauses pass meanwhile. */
  until(isSo: () => boolean): Promise<void>;
  /** Resolves when the client has had time to do whatever it was going to do. */
  settle(): Promise<void>;
  /** What the client can build transports from. */
  readonly media: MediaParameters;
  readonly routerRtpCapabilities: RtpCapabilities;
}
