import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems hand out to outgoing connections, one of which could take a port before it is used. */
const first = 20_000;
const count = 10_000;

/** A TCP port of 127.0.0.1 for a server that cannot choose one itself, or that has to come back on the same one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + randomInt(count);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (isFree) {
      server.close();
      await once(server, 'close');

      return port;
    }
  }
}
