import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Origin extends AsyncDisposable {
  readonly url: string;
}

/** Answers at an origin of its own. Its name is `localhost`, which browsers hold to be secure. */
export async function serveOrigin(listener: RequestListener): Promise<Origin> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://localhost:${port}/`,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
