import type { ClientEvents, ServerEvents } from '@parley/protocol';
import type { SessionClaims } from '@parley/tokens';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';

/** What the authentication leaves with a socket. */
export interface SocketData {
  claims: SessionClaims;
}

export type SignalingServer = Server<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;

export type SignalingSocket = Socket<ClientEvents, ServerEvents, DefaultEventsMap, SocketData>;
