import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForeignPage extends AsyncDisposable {
  readonly url: string;
}

/** Serves one page from an origin of its own, as an application that uses the SDK would be. */
export async function serveForeignPage(html: string): Promise<ForeignPage> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(html);
  });
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
