import { connectErrorSchema, signalingPath } from '@parley/protocol';
import { io } from 'socket.io-client';
import { CallError } from '../errors.ts';
import type { SocketHandlers, SocketOptions, SocketPort } from './SocketPort.ts';

/** Longest wait for the server's handshake. */
const connectTimeoutMs = 8_000;

/**
 * The socket port over socket.io-client, by WebSocket alone. Socket.IO's own reconnection stays off: it would
 * reuse the token, never come back from a refusal, and send later what was asked while it was away.
 */
export function openSocketIoSocket(options: SocketOptions, handlers: SocketHandlers): SocketPort {
  const endpoint = new URL(options.endpoint);
  const socket = io(endpoint.origin, {
    path: `${endpoint.pathname.replace(/\/$/, '')}${signalingPath}`,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: connectTimeoutMs,
    auth: options.auth,
  });
  const close = (): void => {
    socket.off();
    socket.disconnect();
  };

  socket.on('connect_error', (error) => {
    close();
    handlers.onRefused(toRefusal(error, options.endpoint));
  });
  socket.on('disconnect', () => {
    close();
    handlers.onClosed();
  });
  socket.on('notification', (notification: unknown) => handlers.onNotification(notification));

  return {
    request: (request, acknowledge) => {
      if (socket.connected) {
        socket.emit('request', request, acknowledge);
      }
    },
    close,
  };
}

/** The server's refusals carry a code; anything else means that no server was reached. */
function toRefusal(error: Error & { data?: unknown }, endpoint: string): CallError {
  const told = connectErrorSchema.safeParse(error.data);

  return told.success
    ? new CallError(told.data.code, told.data.message)
    : new CallError('unavailable', `The server at ${endpoint} could not be reached.`, { cause: error });
}
