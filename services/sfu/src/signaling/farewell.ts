import type { Clock } from '@parley/kit';
import type { WebSocket } from 'ws';
import type { SignalingSocket } from './socketTypes.ts';

/** Clients get this long to hear why they are disconnected before their sockets are cut. */
export const farewellMs = 500;

/**
 * Cuts a socket that was closed already: its client may go on sending until it closes, too, and all of that would be read
 * in vain. Nothing is read from now on; what the client was told last has the time to arrive.
 */
export function cutAfterFarewell({ request }: SignalingSocket['conn'], clock: Clock): void {
  // Not the TCP socket, which ws itself resumes when it has looked at a piece.
  const { websocket } = request as { websocket?: Pick<WebSocket, 'pause'> };
  websocket?.pause();
  clock.schedule(farewellMs, () => request.socket.destroy());
}
