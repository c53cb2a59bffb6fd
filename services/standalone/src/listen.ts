import type { Server } from 'node:http';
import type { Environment } from './environment.ts';

/** Rejects with a sentence for the operator. */
export function listen(
  server: Server,
  { PORT: port, PARLEY_LISTEN_ADDRESS: host }: Pick<Environment, 'PORT' | 'PARLEY_LISTEN_ADDRESS'>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const cause = { cause: error };
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `Port ${port} is taken by another program: stop it, or set PORT to a free one.`,
        cause,
      );
    case 'EACCES':
      return new Error(`Port ${port} may not be opened by this user: set PORT to one above 1023.`, cause);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(
        `${host} is no address of this machine: set PARLEY_LISTEN_ADDRESS to one that is.`,
        cause,
      );
    default:
      return new Error(`Cannot listen on ${host}:${port}: ${error.message}.`, cause);
  }
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Calls have ended by now; what is left are idle keep-alive connections.
    server.closeAllConnections();
  });
}
