import type { ClientEvents, Limits, ServerEvents } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Seat } from './Seats.ts';

/** What the authentication leaves with a socket. */
export interface SocketData {
  claims: SessionClaims;
  /** The same on all connections of one client. */
  clientId: string;
  /** Those of the application, as they were when the socket was admitted. */
  limits: Limits;
  seat: Seat;
}

export type SignalingServer = Server<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;

export type SignalingSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
